# A log daemon that is kept busy: prints each datagram that comes to the socket named, as a line, while as many senders as are named
# wait to send it more; ends with its stdin.
use strict;
use warnings;
use Socket;
my ($path, $senders) = @ARGV;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die "socket: $!";
bind($socket, pack_sockaddr_un($path)) or die "bind: $!";
$| = 1;
my @pids;
for (1 .. $senders) {
    my $pid = fork // die "fork: $!";
    if ($pid == 0) {
        close $socket;
        socket(my $own, AF_UNIX, SOCK_DGRAM, 0) or die "socket: $!";
        1 while send($own, "flood", 0, pack_sockaddr_un($path));
        exit;
    }
    push @pids, $pid;
}
my ($line, $stdin) = ("", "");
vec($stdin, fileno(STDIN), 1) = 1;
until (select(my $ready = $stdin, undef, undef, 0.003)) {
    print "$line\n" if defined recv($socket, $line, 65536, MSG_DONTWAIT);
}
kill "KILL", @pids;
