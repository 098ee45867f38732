# Sends and catches raw Ethernet frames: what no protocol stack would send.
#   frames.pl send IFACE COUNT PAUSE_S      frames as hex on standard input, one a line; all of them COUNT times
#   frames.pl flood IFACE SECONDS PORTS FRAME
#                                           one frame of TCP in IPv4 without options, as hex, from its port and as many after
#                                           it, every two seconds again; prints a line when all are sent
#   frames.pl catch IFACE SECONDS TEXT      prints the first 256 bytes of received frames that contain TEXT as hex, one a
#                                           line, after a line "catching" when it listens; of interface "any" all of them,
#                                           the interface's index and a space before each frame
use strict;
use warnings;
use Socket;
use POSIX ();

use constant { AF_PACKET => 17, SO_RCVBUFFORCE => 33, ETH_P_ALL => 3, SIOCGIFINDEX => 0x8933, PACKET_OUTGOING => 4, MAX_FRAME => 9018, SHOWN => 256, MAX_CAUGHT => 20_000 };

my ($mode, $interface, $count, $option, $template) = @ARGV;
$| = 1;
# Since boot, in hundredths: perl-base has no finer clock.
sub seconds { (POSIX::times())[0] / POSIX::sysconf(POSIX::_SC_CLK_TCK()) }
socket my $socket, AF_PACKET, SOCK_RAW, unpack('S', pack 'n', ETH_P_ALL) or die "socket: $!\n";
my $any = $interface eq 'any';
# What a burst of others' frames pushes out is not caught.
$any and setsockopt $socket, SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20;
my $request = pack 'a16 x24', $interface;
$any or ioctl $socket, SIOCGIFINDEX, $request or die "$interface: $!\n";
# packet(7): zero is every interface, also one that comes later.
my $index = $any ? 0 : unpack 'x16 i', $request;
# struct sockaddr_ll: family, protocol, interface, hardware type, packet type, address length, address
my $address = pack 'S n i S C C a8', AF_PACKET, ETH_P_ALL, $index, 0, 0, 0, '';

if ($mode eq 'send') {
    my @frames = map { /^((?:[0-9a-f]{2}){14,})$/i ? pack 'H*', $1 : die "frames: not a frame: $_" } map { s/\s//gr } grep { /\S/ } <STDIN>;
    for (1 .. $count) {
        for my $frame (@frames) { send $socket, $frame, 0, $address or die "send: $!\n" }
        select undef, undef, undef, $option;
    }
} elsif ($mode eq 'flood') {
    my $frame = pack 'H*', $template;
    # Behind 14 bytes of Ethernet and 20 of IPv4: the source port, and 16 bytes on the checksum (RFC 9293, 3.1).
    my ($port, $sum) = unpack 'x34 n x14 n', $frame;
    my @frames = map {
        # RFC 1624: ~(~HC + ~m + m'), folded.
        my $c = (~$sum & 0xffff) + (~$port & 0xffff) + $port + $_;
        $c = ($c & 0xffff) + ($c >> 16) for 1 .. 2;
        my $one = $frame;
        substr $one, 34, 2, pack 'n', $port + $_;
        substr $one, 50, 2, pack 'n', ~$c & 0xffff;
        $one;
    } 0 .. $option - 1;
    my $end = seconds() + $count;
    while (seconds() < $end) {
        for my $one (@frames) { send $socket, $one, 0, $address or die "send: $!\n" }
        print "sent\n";
        select undef, undef, undef, 2;
    }
} elsif ($mode eq 'catch') {
    bind $socket, $address or die "bind: $!\n";
    my $end = seconds() + $count;
    my $caught = 0;
    print "catching\n";
    while ($caught < MAX_CAUGHT && (my $left = $end - seconds()) > 0) {
        my $ready = ''; vec($ready, fileno $socket, 1) = 1;
        next unless select $ready, undef, undef, $left;
        my $from = recv $socket, my $frame, MAX_FRAME, 0;
        next unless defined $from;
        my (undef, undef, $at, undef, $direction) = unpack 'S n i S C', $from;
        next if $direction == PACKET_OUTGOING || index($frame, $option) < 0;
        print $any ? "$at " : '', unpack('H*', substr $frame, 0, SHOWN), "\n";
        $caught++;
    }
} else { die "frames: send, flood or catch\n" }
