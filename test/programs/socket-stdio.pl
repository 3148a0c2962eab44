#!/usr/bin/perl
# Runs a command with one stream socket as its stdin, stdout and stderr, as sshd does, and prints what comes out of it.
use strict;
use warnings;
use Socket;

socketpair(my $near, my $far, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die "socketpair: $!";
my $pid = fork() // die "fork: $!";
if ($pid == 0) {
  close $near;
  open(STDIN, '<&', $far) && open(STDOUT, '>&', $far) && open(STDERR, '>&', $far) or die "dup: $!";
  exec @ARGV;
}
close $far;
shutdown $near, 1;
print while <$near>;
waitpid $pid, 0;
exit $? >> 8;
