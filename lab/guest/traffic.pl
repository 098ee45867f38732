# Steady traffic of a probe guest, as told in its argument (src/vm/traffic.ts has the form and its meaning).
# Counters of each caller are in /run/traffic/N: "ok 12 fail 3 connect 1 call http to 10.77.0.12".
use strict;
use warnings;
use Socket qw(:DEFAULT getaddrinfo inet_pton AF_INET6 IPPROTO_TCP SOL_SOCKET SO_REUSEADDR);
use POSIX ();

$| = 1;
$SIG{PIPE} = 'IGNORE';
mkdir '/run/traffic';

my %SIZE = (http => 2_000, db => 400, dns => 120, bulk => 2_000_000);

sub address { my ($host, $port) = @_;
    my $v6 = $host =~ /:/;
    return ($v6 ? AF_INET6 : AF_INET, $v6 ? Socket::pack_sockaddr_in6($port, inet_pton(AF_INET6, $host)) : pack_sockaddr_in($port, inet_aton($host)));
}

# Reads until $done says enough, the peer closes or $seconds pass.
sub receive { my ($socket, $seconds, $done) = @_;
    my ($text, $end) = ('', time + $seconds);
    while (time <= $end) {
        my $ready = ''; vec($ready, fileno $socket, 1) = 1;
        my $left = $end - time;
        next unless select $ready, undef, undef, $left > 0 ? $left : 0.25;
        my $n = sysread $socket, my $chunk, 65536;
        return $text unless $n;
        $text .= $chunk;
        return $text if $done->($text);
    }
    return;
}

sub send_all { my ($socket, $data, $seconds) = @_;
    my $end = time + $seconds;
    while (length $data && time <= $end) {
        my $ready = ''; vec($ready, fileno $socket, 1) = 1;
        next unless select undef, $ready, undef, 0.25;
        my $n = syswrite $socket, $data, 65536 or return;
        substr $data, 0, $n, '';
    }
    return !length $data;
}

# --- servers: both families on one socket; a child per connection, at most 64 of them
my $children = 0;
sub serve { my ($kind, $port) = @_;
    my $type = $kind eq 'dns' ? SOCK_DGRAM : SOCK_STREAM;
    socket my $listener, AF_INET6, $type, 0 or die "socket: $!";
    setsockopt $listener, SOL_SOCKET, SO_REUSEADDR, 1;
    bind $listener, Socket::pack_sockaddr_in6($port, Socket::IN6ADDR_ANY()) or die "bind $port: $!";
    if ($kind eq 'dns') {
        for (;;) {
            my $from = recv $listener, my $query, 512, 0 or next;
            next if length $query < 12;
            # The question comes back with the response bit and one A record (RFC 1035, 4.1).
            my $reply = substr($query, 0, 2) . pack('n5', 0x8180, 1, 1, 0, 0) . substr($query, 12) . pack('n3Nn', 0xc00c, 1, 1, 60, 4) . "\x0a\x4d\x00\x0b";
            send $listener, $reply, 0, $from;
        }
    }
    listen $listener, 64 or die "listen: $!";
    for (;;) {
        $children-- while $children > 0 && waitpid(-1, $children >= 64 ? 0 : POSIX::WNOHANG()) > 0;
        accept my $client, $listener or next;
        my $pid = fork // next;
        if ($pid) { $children++; close $client; next }
        close $listener;
        $kind eq 'db' ? serve_db($client) : serve_once($client, $kind);
        POSIX::_exit(0);
    }
}

sub serve_once { my ($client, $kind) = @_;
    defined receive($client, 10, sub { $_[0] =~ /\r\n\r\n/ }) or return;
    my $body = 'x' x $SIZE{$kind};
    send_all($client, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body", 60);
}

# PostgreSQL's framing: a type, a length that counts itself, a payload. One connection lasts for many queries.
sub serve_db { my ($client) = @_;
    while (defined(my $query = receive($client, 600, sub { length $_[0] >= 5 && length $_[0] > unpack 'x N', $_[0] }))) {
        last if $query eq '';
        send_all($client, 'D' . pack('N', 4 + $SIZE{db}) . 'r' x $SIZE{db}, 10) or last;
    }
}

# --- callers
sub call { my ($n, $kind, $to, $port, $every) = @_;
    my ($ok, $fail, $connects, $db) = (0, 0, 0);
    for (;;) {
        my $good;
        if ($kind eq 'ping') { $good = system("ping -c 1 -W 2 $to >/dev/null 2>&1") == 0 }
        elsif ($kind eq 'dns') { $good = call_dns($to, $port) }
        elsif ($kind eq 'db') {
            if (!$db) { $connects++; $db = connect_to($to, $port) }
            $good = $db && call_db($db);
            undef $db unless $good;
        }
        else { $connects++; $good = call_http($to, $port, $kind) }
        $good ? $ok++ : $fail++;
        if (open my $out, '>', "/run/traffic/$n.new") { print $out "ok $ok fail $fail connect $connects call $kind to $to\n"; close $out; rename "/run/traffic/$n.new", "/run/traffic/$n" }
        select undef, undef, undef, $every * (0.5 + rand);
    }
}

sub connect_to { my ($to, $port) = @_;
    my ($family, $address) = address($to, $port);
    socket my $socket, $family, SOCK_STREAM, 0 or return;
    # A connection that is silently dropped is given up after 3 s, as an application would.
    eval { local $SIG{ALRM} = sub { die }; alarm 3; connect $socket, $address or die; alarm 0; 1 } or do { alarm 0; return };
    return $socket;
}

sub call_http { my ($to, $port, $kind) = @_;
    my $socket = connect_to($to, $port) or return;
    send_all($socket, "GET /$kind HTTP/1.1\r\nHost: $to\r\nUser-Agent: probe\r\n\r\n", 5) or return;
    my $reply = receive($socket, 60, sub { length $_[0] > $SIZE{$kind} });
    return defined $reply && $reply =~ /^HTTP\/1.1 200/;
}

sub call_db { my ($socket) = @_;
    my $query = "select * from orders where id = " . int(rand 100000);
    send_all($socket, 'Q' . pack('N', 4 + length $query) . $query, 5) or return;
    my $reply = receive($socket, 10, sub { length $_[0] >= 5 + $SIZE{db} });
    return defined $reply && length $reply >= 5 + $SIZE{db};
}

sub call_dns { my ($to, $port) = @_;
    my ($family, $address) = address($to, $port);
    socket my $socket, $family, SOCK_DGRAM, 0 or return;
    my $id = int rand 65536;
    # web.prod.example, type A, class IN
    send $socket, pack('n6', $id, 0x0100, 1, 0, 0, 0) . "\3web\4prod\7example\0" . pack('n2', 1, 1), 0, $address;
    my $reply = receive($socket, 2, sub { 1 });
    return defined $reply && length $reply >= 12 && unpack('n', $reply) == $id;
}

my $n = 0;
for my $item (split /;/, $ARGV[0] // '') {
    my ($what, @rest) = split /,/, $item;
    $n++;
    my $pid = fork // die "fork: $!";
    next if $pid;
    srand;
    # A server whose port is in use, or any other failure, is tried again.
    for (;;) { eval { $what eq 's' ? serve(@rest) : call($n, @rest); 1 } or warn "$item: $@"; sleep 1 }
}
sleep 3600 while 1;
