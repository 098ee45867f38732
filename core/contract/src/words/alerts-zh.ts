import type { AlertState } from '@hypervigil/model';
import type { Words } from './words.ts';

const KINDS: Readonly<Record<string, string>> = {
  tcp: '个 TCP 半开连接',
  udp: '个单向 UDP 报文',
  icmp: '个 ICMP 报文',
};

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
    'clear-text-password': (f) => `${f['flows']} 条流以 ${f['what']} 传输口令，目标端口 ${f['port']}。`,
  },
  reasons: {
    'none-answered': '没有一次成功。',
    'some-answered': '其中一部分得到了应答。',
    'other-tenants': '目标是其他租户的虚拟机。',
    'from-outside': '来自云外。',
    overload: '目标可能已无法应答其他请求。',
    forged: '程序不会无意中这样做。',
    'looked-into': '由安全网关按内容识别，而非按外观推断。',
  },
};
