import { z } from 'zod';
import { closest } from './closest.ts';
import { format, otherwise } from './format.ts';

/**
 * What a gateway's detector calls applications: every name that nDPI 4.2 gives (ndpi_get_proto_name), but for what it does not
 * know. A test holds it against the library in the image.
 */
export const APPLICATIONS: readonly string[] = `
AccuWeather Activision AFP Aimini AJP Alibaba Amazon AmazonAlexa AmazonAWS AmazonVideo AmongUs AMQP AnyDesk
Apple AppleiCloud AppleiTunes AppleJuice ApplePush AppleSiri AppleStore Armagetron AVASTSecureDNS Ayiya Azure
Badoo BGP BitTorrent BJNP Bloomberg CAPWAP Cassandra CHECKMK CiscoSkinny CiscoVPN Citrix Cloudflare CNN COAP
Collectd Corba CPHA Crashlytics Crossfire CSGO DataSaver DCE_RPC Deezer DHCP DHCPV6 Diameter
Direct_Download_Link DirectConnect Discord DisneyPlus DNP3 DNS DNScrypt Dofus DoH_DoT DRDA Dropbox DTLS EAQ eBay
eDonkey EGP EthernetIP Facebook FacebookVoip FastTrack Fiesta FIX Florensia FortiClient FTP_CONTROL FTP_DATA
Fuze GenshinImpact Git Github GitLab GMail Gnutella Google GoogleClassroom GoogleDocs GoogleDrive
GoogleHangoutDuo GoogleMaps GooglePlus GoogleServices GRE GTP GTP_C GTP_PRIME GTP_U Guildwars H323 HalfLife2
Hotmail HotspotShield HP_VIRTGRP HTTP HTTP_Connect HTTP_Proxy Hulu IAX IceCast iCloudPrivateRelay ICMP ICMPV6
IEC60870 IFLIX IGMP IMAP IMAPS IMO Instagram IP_in_IP IPP IPsec IRC Jabber KakaoTalk KakaoTalk_Voice Kerberos
Kontiki LastFM LDAP Likee LinkedIn LISP LLMNR LotusNotes MapleStory MDNS Megaco Memcached Messenger MGCP
Microsoft Microsoft365 Mining Modbus MongoDB MPEG_TS MQTT MS_OneDrive MsSQL-TDS MySQL Nats NestLogSink NetBIOS
NetFlix NetFlow NFS Nintendo NOE ntop NTP OCS OCSP Ookla OpenDNS OpenFT OpenVPN Oracle OSPF Pandora Pastebin
Pinterest Playstation PlayStore POP3 POPS PostgreSQL PPStream PPTP QQ QQLive QUIC Radius RDP Reddit Redis
RemoteScan RSYNC RTCP RTMP RTP RTSP RX s7comm Salesforce SAP SCTP sFlow ShoutCast Signal SignalVoip Sina(Weibo)
SIP Skype_Teams SkypeCall Slack SMBv1 SMBv23 SMPP SMTP SMTPS Snapchat SnapchatCall SNMP SOAP SOCKS SOMEIP
Sopcast SoundCloud Spotify SSDP SSH Starcraft Stealthnet Steam STUN Syslog TargusDataspeed Teams TeamSpeak
TeamViewer Telegram Telnet Teredo TFTP Thunder TikTok TINC TLS Tor TruPhone Tuenti Tumblr TVUplayer Twitch
Twitter UBNTAC2 UbuntuONE Usenet Vevo VHUA Viber Vimeo VMware VNC VRRP Warcraft3 Waze Webex WebSocket WeChat
WhatsApp WhatsAppCall WhatsAppFiles Whois-DAS Wikipedia WindowsUpdate WireGuard WorldOfKungFu WorldOfWarcraft
WSD Xbox XDMCP Yahoo YouTube YouTubeUpload Z39.50 Zabbix Zattoo ZeroMQ Zoom`
  .trim()
  .split(/\s+/);

/** What it warns of, by number from 1: nDPI's own names (ndpi_risk_enum of 4.2), as people write them. */
export const RISKS: readonly string[] = `
url-possible-xss url-possible-sql-injection url-possible-rce-injection binary-application-transfer
known-protocol-on-non-standard-port tls-selfsigned-certificate tls-obsolete-version tls-weak-cipher
tls-certificate-expired tls-certificate-mismatch http-suspicious-user-agent http-numeric-ip-host
http-suspicious-url http-suspicious-header tls-not-carrying-https suspicious-dga-domain malformed-packet
ssh-obsolete-client-version-or-cipher ssh-obsolete-server-version-or-cipher smb-insecure-version
tls-suspicious-esni-usage unsafe-protocol dns-suspicious-traffic tls-missing-sni http-suspicious-content
risky-asn risky-domain malicious-ja3 malicious-sha1-certificate desktop-or-file-sharing-session
tls-uncommon-alpn tls-cert-validity-too-long tls-suspicious-extension tls-fatal-alert suspicious-entropy
clear-text-credentials dns-large-packet dns-fragmented invalid-characters possible-exploit
tls-certificate-about-to-expire`
  .trim()
  .split(/\s+/);

/** Number of a risk by its name; undefined for what is none. */
export function riskNum(name: string): number | undefined {
  const place = RISKS.indexOf(name);
  return place < 0 ? undefined : place + 1;
}

/** Name of a risk by its number; undefined for one that this version does not know. */
export const riskName = (num: number): string | undefined => RISKS[num - 1];

/** One of a catalogue's names. Another one is told with those that come close to it. */
const oneOf = (catalogue: readonly string[], code: 'unknown-application' | 'unknown-risk') =>
  z
    .string()
    .max(64)
    .superRefine((name, context) => {
      if (catalogue.includes(name)) return;
      const mistake = { code, params: { name, close: closest(name, catalogue).join(', ') } } as const;
      context.addIssue({ code: 'custom', ...otherwise(mistake) });
    })
    .meta({ enum: [...catalogue] });

export const ApplicationName = oneOf(APPLICATIONS, 'unknown-application');
export const RiskName = oneOf(RISKS, 'unknown-risk');

const LABEL = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';

/** Names as they are spoken on the wire (RFC 1123, with underscores), in lower case: `example.com` is that name alone. */
export const HostPattern = z
  .string()
  .max(253)
  .check(format('host-pattern', new RegExp(`^(\\*\\.)?${LABEL}(\\.${LABEL})*$`)));

/**
 * What a rule that inspects does not let through, whichever of these a gateway recognises: an application, a name that is spoken to or
 * asked for (`*.example.com` is everything below that name, and not the name itself), a risk.
 */
export const Blocks = z.strictObject({
  applications: z.array(ApplicationName).max(100).default([]),
  names: z.array(HostPattern).max(1000).default([]),
  risks: z.array(RiskName).max(64).default([]),
});
export type Blocks = z.infer<typeof Blocks>;

/** The same in a host's document: risks are numbers there. */
export const IntentBlocks = z.object({
  applications: z.array(z.string().max(64)).max(100),
  names: z.array(z.string().max(253)).max(1000),
  risks: z.array(z.int().min(0).max(63)).max(64),
});
export type IntentBlocks = z.infer<typeof IntentBlocks>;

/** What of a rule's blocks a gateway ended a connection for, as the rule has it. */
export const Blocked = z.object({ by: z.enum(['application', 'name', 'risk']), what: z.string().max(253) });
export type Blocked = z.infer<typeof Blocked>;
