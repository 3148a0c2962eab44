# A syslog daemon: prints each datagram that comes to the socket named, as a line; ready when the socket is there.
use strict;
use warnings;
use Socket;
my ($path) = @ARGV;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die "socket: $!";
bind($socket, pack_sockaddr_un("$path.new")) or die "bind: $!";
chmod 0666, "$path.new";
rename "$path.new", $path or die "rename: $!";
$| = 1;
# What came before the end is printed: a signal that ended it at once could come between a line's coming and its printing.
my ($is_over, $line);
$SIG{TERM} = sub { $is_over = 1 };
while (!$is_over) { print "$line\n" if defined recv($socket, $line, 65536, 0); }
while (defined recv($socket, $line, 65536, MSG_DONTWAIT)) { print "$line\n"; }
