import type { AlertFacts, AlertState } from '@hypervigil/model';
import type { Words } from './words.ts';

const KINDS: Readonly<Record<string, string>> = {
  tcp: '个 TCP 半开连接',
  udp: '个单向 UDP 报文',
  icmp: '个 ICMP 报文',
};

const MET: Readonly<Record<string, string>> = {
  country: '国家或地区',
  system: '自治系统',
  application: '应用',
  machine: '其他虚拟机的服务',
};
const regions = new Intl.DisplayNames('zh-CN', { type: 'region' });
const firstTime = ({ what, value, ip, port }: AlertFacts): string => {
  const where = what === 'country' ? regions.of(String(value)) : value;
  if (what === 'country' || what === 'system')
    return `${ip}（端口 ${port}）位于 ${where}，该虚拟机此前从未与那里通信。`;
  return what === 'application'
    ? `首次以 ${value} 与 ${ip} 的端口 ${port} 通信。`
    : `首次与 ${ip} 的端口 ${port} 通信。`;
};

const tries = (f: AlertFacts) => `${f['allowed']} 个连接被允许，${f['denied']} 个被拒绝`;
const listed = (f: AlertFacts) =>
  `该地址列于威胁情报集 ${f['set']}${f['source'] === '' ? '' : `，来源 ${f['source']}`}${Number(f['hours']) < 0 ? '' : `，${f['hours']} 小时前确认`}。`;

export const alertStates: Record<AlertState, string> = {
  new: '新建',
  triaged: '已研判',
  'in-progress': '处理中',
  closed: '已关闭',
};

export const alerts: Words['alerts'] = {
  titles: {
    'port-scan': '端口扫描',
    'host-sweep': '主机扫描',
    'brute-force': '口令猜测',
    flood: '泛洪',
    'deny-burst': '反复被拒绝',
    'cross-tenant': '试探其他租户',
    spoofing: '伪造地址',
    'known-attack': '已知攻击',
    mining: '挖矿',
    anonymiser: '匿名网络',
    'generated-names': '算法生成的域名',
    'clear-text-password': '明文口令',
    'threat-called': '访问情报所列地址',
    'threat-caller': '情报所列地址来访',
    beacon: '定时外联',
    exfiltration: '向新地址大量上传',
    'dns-tunnel': '域名夹带数据',
    'lateral-movement': '横向移动',
    'policy-bypass': '绕过策略',
    'unusual-volume': '发送量异常',
    'unusual-fan-out': '访问的机器异常多',
    'first-seen': '首次出现的行为',
  },
  expected: {
    'port-scan': (f) => `虚拟机首次访问的服务中，约有 ${f['percent']}% 失败。`,
    'host-sweep': (f) => `虚拟机首次访问的服务中，约有 ${f['percent']}% 失败。`,
    'brute-force': (f) => `同一客户端的短时登录连接，长期不超过每分钟 ${f['perMinute']} 次。`,
    flood: (f) => `长期不超过每秒 ${f['perSecond']} 个。`,
    'deny-burst': (f) => `被拒绝的连接长期不超过每分钟 ${f['perMinute']} 个。`,
    'cross-tenant': (f) => `对其他租户虚拟机的尝试长期不超过每分钟 ${f['perMinute']} 次。`,
    spoofing: (f) => `带有外来地址的帧长期不超过每分钟 ${f['perMinute']} 个。`,
    'known-attack': () => '没有命中入侵检测特征。',
    mining: () => '没有挖矿协议。',
    anonymiser: () => '没有隐藏通信双方的网络。',
    'generated-names': () => '几乎没有看似算法生成的域名。',
    'clear-text-password': () => '口令只在加密后传输。',
    'threat-called': () => '不与威胁情报集所列的地址建立连接。',
    'threat-caller': () => '没有来自威胁情报集所列地址的连接。',
    beacon: () => '对同一外部地址的访问时间没有规律，或自首次观测到该虚拟机起即已存在。',
    exfiltration: (f) => `每小时不超过 ${f['mib']} MiB，与最近 ${f['hours']} 小时一致。`,
    'dns-tunnel': (f) => `同一域名之下的名称每天夹带的数据不超过 ${f['bytes']} 字节。`,
    'unusual-volume': (f) => `与最近七天同一时段相近，一小时发送约 ${f['mib']} MiB。`,
    'unusual-fan-out': (f) => `与最近七天同一时段相近，一小时访问约 ${f['machines']} 台机器。`,
    'first-seen': (f) =>
      `该虚拟机来往过的${MET[String(f['what'])] ?? f['what']}共 ${f['count']} 个，最近 ${f['days']} 天没有新增。`,
    'policy-bypass': (f) => `仅由宿主机正在执行的版本 ${f['revision']} 中的规则放行。`,
    'lateral-movement': () => '首次登录虚拟机的来访者，不会继续由此登录该虚拟机从未登录过的机器。',
  },
  seen: {
    'port-scan': (f) =>
      `${f['seconds']} 秒内尝试 ${f['failed']} 个服务均未成功，最近的尝试涉及 ${f['hosts']} 台机器；${f['answered']} 个有应答。`,
    'host-sweep': (f) =>
      `${f['seconds']} 秒内尝试 ${f['failed']} 个服务均未成功，最近的尝试涉及 ${f['hosts']} 台机器；${f['answered']} 个有应答。`,
    'brute-force': (f) => `${f['seconds']} 秒内对端口 ${f['port']} 建立了 ${f['attempts']} 个短连接。`,
    flood: (f) =>
      `${f['seconds']} 秒内对端口 ${f['port']} 有 ${f['total']} ${KINDS[String(f['kind'])] ?? f['kind']}，每秒 ${f['perSecond']} 个。`,
    'deny-burst': (f) => `${f['seconds']} 秒内有 ${f['tries']} 个连接被拒绝。`,
    'cross-tenant': (f) => `${f['seconds']} 秒内有 ${f['tries']} 个连接被拒绝。`,
    spoofing: (f) => `${f['seconds']} 秒内丢弃了 ${f['tries']} 个流，最近一个使用地址 ${f['ip']}。`,
    'known-attack': (f) => `${f['flows']} 条流命中特征 ${f['what']}，目标端口 ${f['port']}。`,
    mining: (f) => `${f['flows']} 条流使用挖矿协议，目标端口 ${f['port']}。`,
    anonymiser: (f) => `${f['flows']} 条流使用 ${f['what']}，目标端口 ${f['port']}。`,
    'generated-names': (f) => `${f['seconds']} 秒内 ${f['flows']} 条流带有此类域名，最近一个是 ${f['what']}。`,
    'threat-called': (f) => `对 ${f['ip']} 的 ${f['port']} 端口：${tries(f)}。${listed(f)}`,
    'threat-caller': (f) => `对 ${f['port']} 端口：${tries(f)}，最近一次来自 ${f['ip']}。${listed(f)}`,
    beacon: (f) =>
      `最近 ${f['calls']} 次对端口 ${f['port']} 的访问，间隔 ${f['period']} 秒，上下浮动 ${f['jitter']}%，每次约 ${f['bytes']} 字节。`,
    exfiltration: (f) =>
      `${f['seconds']} 秒内向 ${f['ip']} 的端口 ${f['port']} 发送 ${f['mib']} MiB，返回 ${f['back']} MiB。`,
    'dns-tunnel': (f) =>
      `${f['seconds']} 秒内查询了 ${f['domain']} 之下的 ${f['names']} 个新名称，可夹带 ${f['bytes']} 字节，例如 ${f['first']} 和 ${f['last']}。`,
    'unusual-volume': (f) => `本小时已发送 ${f['mib']} MiB，超出部分发生在 ${f['seconds']} 秒内。`,
    'unusual-fan-out': (f) => `本小时已访问约 ${f['machines']} 台机器，超出部分发生在 ${f['seconds']} 秒内。`,
    'first-seen': firstTime,
    'policy-bypass': (f) =>
      `${f['seconds']} 秒内有 ${f['flows']} 条流由编号 ${f['rule']} 的规则放行，而版本 ${f['revision']} 中没有该规则；最近一条的目标端口为 ${f['port']}。`,
    'lateral-movement': (f) =>
      `${f['from']} 首次访问端口 ${f['by']}；${f['seconds']} 秒后，该虚拟机首次访问 ${f['to']} 的端口 ${f['port']}。`,
    'clear-text-password': (f) => `${f['flows']} 条流以 ${f['what']} 传输口令，目标端口 ${f['port']}。`,
  },
  reasons: {
    'none-answered': '没有一次成功。',
    'some-answered': '其中一部分得到了应答。',
    'other-tenants': '目标是其他租户的虚拟机。',
    'from-outside': '来自云外。',
    overload: '目标可能已无法应答其他请求。',
    forged: '程序不会无意中这样做。',
    'new-destination': '该虚拟机此前从未向那里发送数据。',
    'off-hours': '该虚拟机此前从未向那里发送数据，而且平日此时几乎不发送数据。',
    'out-of-the-ordinary': '与该虚拟机最近一周的行为相差很大，但未必有害。',
    'no-rule': '没有任何生效的规则放行它：交换机已被改动，或该宿主机不可信。',
    'looked-into': '由安全网关按内容识别，而非按外观推断。',
  },
};
