# Runs a daemon and collects whatever it leaves behind. libvirt starts QEMU as an orphan and, when it ends one, waits
# until the process id is gone; where the machine's first process collects its dead late (containers, some virtual
# machines), each wait takes seconds. Dies with the daemon, and the daemon with it.
use strict;
use warnings;
use POSIX ();

use constant { SYS_PRCTL => 157, PR_SET_PDEATHSIG => 1, PR_SET_CHILD_SUBREAPER => 36, SIGKILL => 9 };

syscall(SYS_PRCTL, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 or die "reaper: prctl: $!\n";
my $daemon = fork // die "reaper: fork: $!\n";
if ($daemon == 0) {
    syscall(SYS_PRCTL, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    exec { $ARGV[0] } @ARGV or die "reaper: $ARGV[0]: $!\n";
}
$SIG{TERM} = $SIG{INT} = sub { kill TERM => $daemon };
for (;;) {
    my $pid = waitpid -1, 0;
    next if $pid < 0 && $!{EINTR};
    exit($? & 127 ? 128 + ($? & 127) : $? >> 8) if $pid == $daemon || $pid < 0;
}
