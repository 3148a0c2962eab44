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
# What came before the end is printed.
$SIG{TERM} = sub { while (defined recv($socket, my $line, 65536, MSG_DONTWAIT)) { print "$line\n"; } exit; };
while (defined recv($socket, my $line, 65536, 0)) { print "$line\n"; }
