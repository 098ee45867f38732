# Asks and answers over sockets as any program has them: whether packets pass, and their answers too.
#   probes.pl serve TCP_PORTS UDP_PORTS   ports with commas between; over both families, but for ports that others serve;
#                                         a line "serving" when it answers
#   probes.pl ask                         questions from standard input, one a line: PROTOCOL ADDRESS PORT SECONDS, all at the
#                                         same time; prints open, refused (by a TCP reset) or silent for each, in their order
use strict;
use warnings;
use Socket qw(:DEFAULT AF_INET6 inet_pton pack_sockaddr_in6 IN6ADDR_ANY IPPROTO_TCP IPPROTO_UDP IPPROTO_ICMP IPPROTO_ICMPV6 SO_ERROR);
use Fcntl;
use POSIX ();

use constant { MAX_QUESTIONS => 500, AGAIN_S => 0.5, ECHO => 8, ECHO_REPLY => 0, ECHO6 => 128, ECHO6_REPLY => 129 };

# Since boot, in hundredths: perl-base has no finer clock.
sub seconds { (POSIX::times())[0] / POSIX::sysconf(POSIX::_SC_CLK_TCK()) }

sub fd_set { my $set = ''; vec($set, fileno $_, 1) = 1 for @_; return $set }

sub quiet { my ($socket) = @_; fcntl $socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK; return $socket }

# --- answers
sub listen_at { my ($type, $port) = @_;
    socket my $socket, AF_INET6, $type, 0 or die "socket: $!\n";
    # Connections of before may linger; a second listener there cannot be.
    setsockopt $socket, SOL_SOCKET, SO_REUSEADDR, 1 if $type == SOCK_STREAM;
    bind $socket, pack_sockaddr_in6($port, IN6ADDR_ANY) or return;
    $type == SOCK_DGRAM or listen $socket, 128 or return;
    return quiet($socket);
}

sub serve { my ($tcp, $udp) = @_;
    my @listeners = map { listen_at(SOCK_STREAM, $_) // () } split /,/, $tcp;
    my @receivers = map { listen_at(SOCK_DGRAM, $_) // () } split /,/, $udp;
    $| = 1;
    print "serving\n";
    for (;;) {
        my $ready = fd_set(@listeners, @receivers);
        select $ready, undef, undef, undef;
        for my $listener (@listeners) { while (accept my $client, $listener) { close $client } }
        for my $receiver (@receivers) {
            while (defined(my $from = recv $receiver, my $data, 512, 0)) { send $receiver, $data, 0, $from }
        }
    }
}

# --- questions
# The Internet checksum (RFC 1071).
sub checksum { my ($data) = @_;
    my $sum = unpack '%32n*', $data;
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
    return ~$sum & 0xffff;
}

sub echo { my ($q) = @_;
    my ($type, $rest) = ($q->{six} ? ECHO6 : ECHO, pack('n2', $q->{id}, ++$q->{sequence}) . 'hypervigil probe');
    # The kernel sums those of IPv6 (RFC 3542, 3.1).
    return pack('C2 n', $type, 0, $q->{six} ? 0 : checksum(pack('C2 n', $type, 0, 0) . $rest)) . $rest;
}

sub is_echo { my ($q, $data) = @_;
    my $at = $q->{six} ? 0 : 4 * (ord($data) & 15);
    return unless length $data >= $at + 8;
    my ($type, $id) = unpack 'C x3 n', substr $data, $at;
    return $type == ($q->{six} ? ECHO6_REPLY : ECHO_REPLY) && $id == $q->{id};
}

# A socket of its own for each attempt: what one was told is no other's.
sub open_socket { my ($q) = @_;
    my $family = $q->{six} ? AF_INET6 : AF_INET;
    my ($type, $protocol) = @{ { tcp => [SOCK_STREAM, IPPROTO_TCP], udp => [SOCK_DGRAM, IPPROTO_UDP],
        icmp => [SOCK_RAW, $q->{six} ? IPPROTO_ICMPV6 : IPPROTO_ICMP] }->{ $q->{protocol} } };
    socket my $socket, $family, $type, $protocol or die "socket: $!\n";
    # A port of a raw IPv6 socket is a protocol (ipv6(7)).
    my $port = $q->{protocol} eq 'icmp' ? 0 : $q->{port};
    my $to = $q->{six} ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $q->{address})) : pack_sockaddr_in($port, inet_aton($q->{address}));
    connect quiet($socket), $to;
    $q->{socket} = $socket;
}

sub try { my ($q, $now) = @_;
    return if $now < $q->{again};
    $q->{again} = $now + AGAIN_S;
    open_socket($q) unless $q->{socket};
    if ($q->{protocol} ne 'tcp') { send $q->{socket}, $q->{protocol} eq 'udp' ? 'hypervigil probe' : echo($q), 0 }
}

sub look { my ($q, $readable, $writable) = @_;
    my $fd = fileno $q->{socket};
    if ($q->{protocol} eq 'tcp') {
        return unless vec $writable, $fd, 1;
        my $error = unpack 'i', getsockopt $q->{socket}, SOL_SOCKET, SO_ERROR;
        if (!$error) { $q->{outcome} = 'open' }
        elsif ($error == POSIX::ECONNREFUSED()) { $q->{outcome} = 'refused' }
        else { delete $q->{socket} }
        return;
    }
    return unless vec $readable, $fd, 1;
    my $from = recv $q->{socket}, my $data, 512, 0;
    $q->{outcome} = 'open' if defined $from && ($q->{protocol} eq 'udp' || is_echo($q, $data));
}

sub ask {
    my $n = 0;
    my @asked = map {
        my ($protocol, $address, $port, $seconds) = /^(tcp|udp|icmp) ([0-9a-f.:]+) (\d+) (\d+)$/ or die "ask: not a question: $_";
        { protocol => $protocol, address => $address, port => $port, six => scalar($address =~ /:/), outcome => '',
          id => ($$ + ++$n) & 0xffff, sequence => 0, again => 0, until => seconds() + $seconds };
    } <STDIN>;
    die "ask: more than " . MAX_QUESTIONS . " questions\n" if @asked > MAX_QUESTIONS;
    while (my @open = grep { !$_->{outcome} } @asked) {
        my $now = seconds();
        $now > $_->{until} ? $_->{outcome} = 'silent' : try($_, $now) for @open;
        my @live = grep { !$_->{outcome} && $_->{socket} } @open;
        my $readable = fd_set(map { $_->{socket} } @live);
        my $writable = fd_set(map { $_->{socket} } grep { $_->{protocol} eq 'tcp' } @live);
        select $readable, $writable, undef, 0.1;
        look($_, $readable, $writable) for @live;
    }
    print "$_->{outcome}\n" for @asked;
}

my ($mode, @ports) = @ARGV;
if (($mode // '') eq 'serve') { serve(@ports) } elsif (($mode // '') eq 'ask') { ask() } else { die "probes: serve or ask\n" }
