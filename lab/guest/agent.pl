# Runs commands that the lab sends through the virtio-serial port org.hypervigil.lab.0, one JSON object a line:
#   {"id":"7","argv":["ip","addr"],"timeoutS":10,"input":""}  ->  {"id":"7","code":0,"stdout":"...","stderr":"...","timedOut":false}
# Only what Debian's perl-base has; its JSON::PP is in another package, so the little that is needed is here.
use strict;
use warnings;
use POSIX ();
use Fcntl;
use Socket;
use IO::Select;

use constant { PORT => 'org.hypervigil.lab.0', MAX_LINE => 1 << 20, MAX_OUTPUT => 1 << 20, MAX_JOBS => 32, MAX_ANSWERS => 4 };

sub port_path {
    for my $dir (glob '/sys/class/virtio-ports/*') {
        open my $in, '<', "$dir/name" or next;
        chomp(my $name = <$in> // '');
        return '/dev/' . ($dir =~ s{.*/}{}r) if $name eq PORT;
    }
    return;
}

my %escape = ('"' => '"', '\\' => '\\', '/' => '/', b => "\b", f => "\f", n => "\n", r => "\r", t => "\t");

# Text arrives as UTF-8 bytes and stays so; only escapes are characters and become bytes here.
sub bytes_of { my ($char) = @_; utf8::encode($char); return $char }

sub unescape {
    my ($text) = @_;
    $text =~ s{\\(?:u([dD][89abAB]..)\\u([dD][c-fC-F]..)|u(....)|(.))}{
        defined $1 ? bytes_of(chr(0x10000 + ((hex($1) - 0xd800) << 10) + hex($2) - 0xdc00))
      : defined $3 ? bytes_of(chr hex $3) : $escape{$4} // die "escape\n"}gex;
    return $text;
}

# A JSON value at pos($_). Nesting is bounded: the lab sends objects of strings, numbers and one array.
sub parse {
    my ($depth) = @_;
    die "nesting\n" if $depth > 4;
    /\G\s+/gc;
    return unescape($1) if /\G"((?:[^"\\]|\\.)*)"/gc;
    return $1 if /\G(-?\d+(?:\.\d+)?)/gc;
    return $1 eq 'true' if /\G(true|false|null)/gc;
    if (/\G\[\s*/gc) {
        my @list;
        until (/\G\s*\]/gc) { push @list, parse($depth + 1); /\G\s*,/gc or /\G(?=\s*\])/gc or die "array\n" }
        return \@list;
    }
    if (/\G\{\s*/gc) {
        my %object;
        until (/\G\s*\}/gc) {
            my $key = parse($depth + 1);
            /\G\s*:/gc or die "object\n";
            $object{$key} = parse($depth + 1);
            /\G\s*,/gc or /\G(?=\s*\})/gc or die "object\n";
        }
        return \%object;
    }
    die "value\n";
}

sub quote {
    my ($bytes) = @_;
    # What a command prints may be no UTF-8 at all; then each byte stands for itself.
    utf8::decode($bytes);
    $bytes =~ s/(["\\])/\\$1/g;
    $bytes =~ s/([^\x20-\x7e])/my $c = ord $1; $c < 0x10000 ? sprintf '\\u%04x', $c
        : sprintf '\\u%04x\\u%04x', 0xd800 + (($c - 0x10000) >> 10), 0xdc00 + (($c - 0x10000) & 0x3ff)/gex;
    return qq("$bytes");
}

my $path;
until ($path = port_path()) { select undef, undef, undef, 0.05 }
sysopen my $port, $path, O_RDWR | O_NONBLOCK or die "agent: $path: $!\n";

my (%jobs, $inbox, $outbox, $skipping);
# The latest answers: a request or an answer may be lost while a VM moves to another host, so the lab repeats requests,
# and one that was carried out is answered again but not carried out again.
my (@answered, %answer);
$inbox = $outbox = '';

sub answer {
    my ($id, $code, $stdout, $stderr, $timed_out) = @_;
    my $line = sprintf qq({"id":%s,"code":%d,"stdout":%s,"stderr":%s,"timedOut":%s}\n), quote($id), $code,
        quote($stdout), quote($stderr), $timed_out ? 'true' : 'false';
    $outbox .= $line;
    push @answered, $id unless exists $answer{$id};
    $answer{$id} = $line;
    delete $answer{ shift @answered } while @answered > MAX_ANSWERS;
}

sub start {
    my ($request) = @_;
    my ($id, $argv) = ($request->{id} // '', $request->{argv});
    # While an answer is on its way, another copy would only be in its way.
    if (exists $answer{$id}) { $outbox .= $answer{$id} unless length $outbox; return }
    return if grep { $_->{id} eq $id } values %jobs;
    return answer($id, 126, '', 'argv: not a list of strings')
        unless ref $argv eq 'ARRAY' && @$argv && !grep { ref || !defined } @$argv;
    return answer($id, 126, '', 'too many commands run') if keys %jobs >= MAX_JOBS;
    pipe my $out, my $out_end;
    pipe my $err, my $err_end;
    open my $in, '+>', undef;
    syswrite $in, $request->{input} // '';
    sysseek $in, 0, 0;
    my $pid = fork;
    if (!defined $pid) { return answer($id, 126, '', "fork: $!") }
    if ($pid == 0) {
        POSIX::setsid();
        POSIX::dup2(fileno $in, 0);
        POSIX::dup2(fileno $out_end, 1);
        POSIX::dup2(fileno $err_end, 2);
        { no warnings; exec { $argv->[0] } @$argv }
        print STDERR "$argv->[0]: $!\n";
        POSIX::_exit(127);
    }
    close $_ for $out_end, $err_end, $in;
    my $seconds = $request->{timeoutS} // 30;
    $jobs{$pid} = { id => $id, until => time + ($seconds > 3600 ? 3600 : $seconds),
        fh => { out => $out, err => $err }, text => { out => '', err => '' } };
}

sub drain {
    my ($job) = @_;
    for my $name (keys %{ $job->{fh} }) {
        my $fh = $job->{fh}{$name};
        while (IO::Select->new($fh)->can_read(0)) {
            my $n = sysread $fh, my $chunk, 65536;
            if (!$n) { delete $job->{fh}{$name}; last }
            my $room = MAX_OUTPUT - length $job->{text}{$name};
            $job->{text}{$name} .= substr $chunk, 0, $room if $room > 0;
        }
    }
}

sub reap {
    my $now = time;
    for my $pid (keys %jobs) {
        my $job = $jobs{$pid};
        drain($job);
        if ($now > $job->{until} && !$job->{killed}) { kill KILL => -$pid; $job->{killed} = 1 }
        next unless waitpid($pid, POSIX::WNOHANG()) == $pid;
        my $code = $? & 127 ? 128 + ($? & 127) : $? >> 8;
        # What it left running in the background may keep its pipes: the answer does not wait for that.
        drain($job);
        delete $jobs{$pid};
        answer($job->{id}, $code, $job->{text}{out}, $job->{text}{err}, $job->{killed});
    }
}

# Somebody took the other end, let go of it or wrote, or a command ended: any of these ends a wait (virtio_console.c tells
# whoever asked for SIGIO).
$SIG{IO} = $SIG{CHLD} = sub { };
fcntl $port, F_SETOWN, 0 + $$ or die "agent: F_SETOWN: $!\n";
fcntl $port, F_SETFL, O_NONBLOCK | O_ASYNC or die "agent: O_ASYNC: $!\n";
# A signal that comes just before a wait does not end it: then this does, and it is time to look whose time is over.
use constant PATIENCE_S => 0.5;

for (;;) {
    my $n = sysread $port, my $chunk, 65536;
    if ($n) {
        $inbox .= $chunk;
        while ($inbox =~ s/^([^\n]*)\n//) {
            my $line = $1;
            if ($skipping) { $skipping = 0; next }
            next if $line !~ /\S/;
            my $request = eval { local $_ = $line; pos = 0; parse(0) };
            if (ref $request eq 'HASH') { start($request) } else { answer('', 125, '', 'request: not a JSON object') }
        }
        if (length $inbox > MAX_LINE) { $inbox = ''; $skipping = 1 }
    }
    reap();
    if (length $outbox) {
        my $written = syswrite $port, $outbox;
        if ($written) { substr $outbox, 0, $written, '' }
        # Nobody reads: old answers are worth less than a bounded memory.
        $outbox = '' if length $outbox > 8 * MAX_OUTPUT;
    }
    next if $n;
    if (length $outbox) { select undef, undef, undef, 0.01; next }
    # While nobody holds the other end, reading says end-of-file and select would say ready, again and again.
    my @wait = (defined $n ? () : $port, map { values %{ $_->{fh} } } values %jobs);
    # A command that has closed what it printed to has ended, or ends in a moment.
    my $patience = (grep { !%{ $_->{fh} } } values %jobs) ? 0.01 : PATIENCE_S;
    if (@wait) { IO::Select->new(@wait)->can_read($patience) } else { select undef, undef, undef, $patience }
}
