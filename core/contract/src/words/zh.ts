import type { Format, Kind, Thing, ViolationParams, VmAction, VmState } from '@hypervigil/model';
import type { Words } from './words.ts';

const things: Record<Thing, string> = {
  host: '宿主机',
  vm: '虚拟机',
  vnic: '虚拟网卡',
  network: '网络',
  tenant: '租户',
  group: '安全组',
  'address-set': '地址集',
  policy: '策略',
  rule: '规则',
  task: '任务',
  assertion: '断言',
  revision: '版本',
};

const states: Record<VmState, string> = {
  running: '运行中',
  blocked: '等待 I/O',
  paused: '已暂停',
  shutdown: '关机中',
  shutoff: '已关机',
  crashed: '已崩溃',
  pmsuspended: '休眠',
  nostate: '无状态',
  gone: '已消失',
};

const actions: Record<VmAction, string> = {
  start: '启动',
  shutdown: '关机',
  stop: '切断电源',
  reboot: '重启',
  migrate: '迁移',
};

const kinds: Record<Kind, string> = {
  string: '文本',
  number: '数字',
  int: '整数',
  boolean: '真或假（true、false）',
  array: '列表',
  object: '对象',
  record: '对象',
};

const formats: Record<Format, string> = {
  guid: 'ID（UUID）',
  datetime: 'UTC 时间，例如 2026-01-31T08:00:00Z',
  ipv4: 'IPv4 地址',
  ipv6: 'IPv6 地址',
  ip: 'IPv4 或 IPv6 地址',
  cidrv4: 'IPv4 网段，例如 10.0.0.0/8',
  cidrv6: 'IPv6 网段，例如 2001:db8::/32',
  cidr: '地址或网段，例如 10.0.0.7、10.0.0.0/8 或 2001:db8::/32',
  'address-part': '地址、网段或地址的开头，例如 10.0.',
  'address-entry': '地址、网段或地址范围，例如 10.0.0.7、10.0.0.0/8、10.0.0.5-10.0.0.9，IPv6 亦可',
  mac: '单播 MAC 地址，例如 52:54:00:12:34:56',
  name: '由文字、数字和 . _ - 组成的名称，首尾为文字或数字',
  'port-range': '端口或端口范围，例如 443 或 8000-8080，小的在前，且不大于 65535',
};

const byRule = (p: ViolationParams) => (p.rule === '' ? '默认判定' : `策略 ${p.policy} 的规则 ${p.rule} `);

const violations: Words['violations'] = {
  allow: (p) => `${p.from} 可以通过 ${p.service} 访问 ${p.to}，由${byRule(p)}放行。`,
  deny: (p) => `${p.from} 无法通过 ${p.service} 访问 ${p.to}，被${byRule(p)}阻断。`,
};

export const zh: Words = {
  errors: {
    'invalid-request': () => '部分字段不正确。请改正后重试。',
    malformed: () => '无法读取请求。地址必须格式正确，请求体必须是一个 JSON 文档。',
    unstorable: () => '请求中含有无法保存的值，例如 NUL 字符。',
    'not-signed-in': () => '尚未登录，或会话已结束。请登录后重试。',
    'wrong-credentials': () => '用户名或密码错误。多次失败后需要等待。',
    'no-certificate': () => '此地址供宿主机使用：请出示宿主机的客户端证书。',
    'unknown-certificate': () => '该证书不属于任何宿主机。请重新注册宿主机。',
    'password-change-required': () => '必须先修改一次性密码。',
    'other-site': () => '其他网站不得在此作任何更改。',
    'not-local': () => '此监听地址只应答 localhost。从别处访问请使用 HTTPS 地址。',
    'host-revoked': () => '宿主机的证书已被吊销。请重新注册宿主机。',
    'token-invalid': () => '没有发放过这个注册令牌。请新建一个。',
    'token-used': () => '注册令牌已被使用。请新建一个。',
    'token-expired': () => '注册令牌已过期。请新建一个。',
    'not-found': (p) => `没有这个${things[p.what]}，可能已被删除。`,
    'no-such-address': () => '此地址没有内容。',
    'stale-revision': (p) => `期间已被他人修改，当前为版本 ${p.current}。请查看改动后重新修改。`,
    'not-allowed-in-state': (p) => `虚拟机的状态是“${states[p.state]}”，现在不能${actions[p.action]}。`,
    'vm-busy': () => '虚拟机正在执行另一个任务。请等它结束。',
    'address-taken': (p) => `${p.address} 已属于此网络中虚拟机 ${p.vm} 的虚拟网卡。`,
    'name-taken': (p) => `已有同名的${things[p.what]}。请换一个名称。`,
    'in-use': (p) => `仍有${things[p.by]}在使用此${things[p.what]}。请先删除或移走。`,
    'named-by-rule': (p) => `策略 ${p.policy} 的规则 ${p.rule} 引用了此${things[p.what]}。请先修改该规则。`,
    'named-by-assertion': (p) => `断言 ${p.assertion} 引用此${things[p.what]}。请先修改或删除该断言。`,
    'assertion-violated': (p) => `${p.count} 条断言将不再成立。请修改草稿，或说明理由后仍然发布。`,
    'trial-over': () => '此策略的试用已结束，之前的策略已恢复。请重新设置策略。',
    'too-large': () => '单次请求过大。请减少内容。',
    'unsupported-media-type': () => '平台只接受 JSON（Content-Type: application/json）。',
    'too-many-requests': (p) => `尝试次数过多。请等待 ${p.seconds} 秒后重试。`,
    'host-offline': (p) => `宿主机 ${p.host} 未连接。请检查其接入引擎，然后重试。`,
    'analysis-stopped': (p) =>
      p.reason === 'time'
        ? `分析超过 ${p.seconds} 秒，已停止。请缩小范围，或调高 analysis-seconds。`
        : `分析占用超过 ${p.mib} MiB 内存，已停止。请缩小范围，或调高 analysis-mib。`,
    unavailable: () => '平台暂时无法执行此操作，没有任何改动。请稍后重试。',
    internal: () => '平台出错。日志中按请求编号记录了详情。',
  },
  problems: {
    missing: () => '缺少此字段。',
    'wrong-type': (p) => `必须是${kinds[p.expected]}。`,
    'wrong-format': (p) => `必须是${gap(formats[p.format])}。`,
    'not-one-of': (p) => `必须是以下之一：${p.values}。`,
    'too-short': (p) => `至少 ${p.minimum} 个字符。`,
    'too-long': (p) => `最多 ${p.maximum} 个字符。`,
    'too-few': (p) => `至少 ${p.minimum} 项。`,
    'too-many': (p) => `最多 ${p.maximum} 项。`,
    'too-low': (p) => `不得小于 ${p.minimum}。`,
    'too-high': (p) => `不得大于 ${p.maximum}。`,
    'unknown-field': () => '没有此字段。',
    invalid: () => '此处不能是这个值。',
    'unknown-set': (p) => `此策略中没有地址集 ${p.name}。`,
    'unknown-id': (p) => `没有这个${things[p.what]}。`,
    'name-taken': (p) => `已有同名的${things[p.what]}。`,
    twice: () => '重复出现。',
    unchanged: () => '新密码必须与旧密码不同。',
    'same-host': () => '虚拟机已在这台宿主机上。',
    'ends-before': () => '结束时间必须晚于开始时间。',
    'not-a-cursor': () => '这不是此列表的游标。',
    'not-a-csr': () => '这不是用其自身密钥签名的 PEM 证书请求（PKCS #10）。',
    'wrong-key': () => '密钥必须是 P-256 曲线上的 ECDSA。',
    'tier-not-yours': () => '租户的策略属于租户层级。',
    'tier-of-tenants': () => '租户层级只用于租户的策略。',
    'foreign-group': () => '该安全组属于另一个租户。',
    'foreign-address-set': () => '该地址集属于另一个租户。',
    'range-backwards': () => '地址范围的终点小于起点。请把较小的地址写在前面。',
    'range-of-two-families': () => '地址范围的两端属于不同的 IP 版本。请写成两个范围。',
    'foreign-tenant': () => '只有云服务商可以连通不同租户。',
    'mixed-families': () => '源与目的没有共同的 IP 版本，此规则永远不会匹配。',
    'wrong-family': (p) => `这些地址之间不会有 ${p.protocol}。`,
    'assertion-violated': (p) => `${p.assertion} 将不成立：${violations.allow(p)}`,
    'assertion-cut-off': (p) => `${p.assertion} 将不成立：${violations.deny(p)}`,
  },
  firewall: {
    'cuts-platform': (p) => `已拒绝：此宿主机将无法再连接平台 ${p['address']} 端口 ${p['port']}。请允许其出站。`,
    'cuts-resolver': (p) => `已拒绝：此宿主机将无法再向 ${p['address']} 查询平台的地址。请允许 dns 出站。`,
    'cuts-ssh': (p) =>
      `已拒绝：来自 ${p['address']}、连接端口 ${p['port']} 的 SSH 会话将会中断。请允许其入站，或将 keepSsh 设为 false。`,
    'not-confirmed': () => '已回滚：未在时限内确认。请先确认仍可访问该宿主机，再予以确认。',
    'platform-lost': () => '已回滚：在此策略下，宿主机未能重新连接平台。',
    interrupted: () => '已回滚：接入引擎在试用期间重新启动。请重新设置策略。',
    'nft-missing': () => '未应用：此宿主机上没有 nft。请安装软件包 nftables。',
    'nft-failed': (p) => `未应用：${p['reason']}。`,
  },
  findings: {
    'shadowed.same': (p) => `从不起作用：在它之前的 ${p.others} 判定相同。可以删除。`,
    'shadowed.opposite': (p) => `从不起作用：在它之前的 ${p.others} 判定不同。其中必有一条有误。`,
    'redundant.rules': (p) => `删除后没有任何变化：${p.others} 判定相同。可以删除。`,
    'redundant.defaults': () => '删除后没有任何变化：默认判定相同。可以删除，或为它开启日志。',
    'contradictory.order': (p) => `与 ${p.others} 对部分报文的判定相反，结果取决于先后顺序。`,
    'irrelevant.nobody-from': () => '不匹配任何流量：源没有任何地址。',
    'irrelevant.nobody-to': () => '不匹配任何流量：目的没有任何地址。',
    'irrelevant.never-meet': () => '不匹配任何流量：两端没有共同的网络、IP 版本或作用范围。',
    'irrelevant.silent-from': (p) => `源在 ${p.days} 天内没有任何流量。首次发布于 ${p.since}。还需要它吗？`,
    'irrelevant.silent-to': (p) => `目的在 ${p.days} 天内没有任何流量。首次发布于 ${p.since}。还需要它吗？`,
    'unused.no-hits': (p) => `${p.days} 天内没有命中，而两端都有流量。首次发布于 ${p.since}。还需要它吗？`,
    'over-permissive.every-service': () => '向整个外部开放所有端口。请写明所需的服务。',
    'over-permissive.remote-administration': () => '向整个外部开放远程管理。请写明允许的来源。',
    'missing-log.between-tenants': () => '连通了不同租户，但没有记录日志。',
    'missing-log.from-anywhere': () => '允许整个外部进入，但没有记录日志。',
    'expired.time-over': () => '已到期，不再起任何作用。请删除，或重新设定期限。',
  },
  violations,
  tasks: {
    'host-offline': () => '宿主机没有及时恢复连接。没有执行任何操作。',
    'target-not-ready': () => '目标宿主机没有及时执行最新的期望。没有迁移。',
    'lease-expired': () => '宿主机不再报告此任务。重试前请先查看虚拟机。',
    'engine-restarted': () => '接入引擎在报告结果之前重新启动。重试前请先查看虚拟机。',
    busy: () => '宿主机正在执行的任务过多。请等部分任务结束后重试。',
    'libvirt-away': () => '此宿主机上的 libvirt 没有响应。',
    'no-domain': () => '宿主机上已没有这台虚拟机。',
    'operation-invalid': () => '虚拟机的状态不允许此操作。',
    'resource-busy': () => '另一操作正占用虚拟机。请等它结束后重试。',
    timeout: () => 'libvirt 没有及时完成。',
    'operation-timeout': () => 'libvirt 没有及时完成。',
    aborted: () => '用时超过租约，已被中止。',
    'migrate-unsafe': () => 'libvirt 认为此迁移不安全：请检查磁盘的缓存模式。',
    'cpu-incompatible': () => '目标宿主机的处理器缺少此虚拟机所用的功能。',
    'not-supported-by-host': () => '此宿主机的 libvirt 不支持此操作。',
  },
};

/** A space between Chinese and Latin words. */
function gap(words: string): string {
  return /^[A-Za-z0-9]/.test(words) ? ` ${words}` : words;
}
