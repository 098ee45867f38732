import type { Messages } from './en.ts';

/** hv 的中文文本；键与英文一致，由类型保证。 */
export const zh: Messages = {
  language: 'zh',
  usage: (commands) => `hv：KVM 云的安全平台

  hv up                          在本机启动一个受保护的 KVM 云及其控制台
  hv up --connect URI            保护本机自己的 libvirt，例如 qemu:///system
  hv up --platform               只启动安全管理平台，并打印宿主机加入的命令
  hv down                        结束 hv up 启动的一切，不留痕迹
  hv test [--quick]              运行全部测试；--quick 不需要 root
  hv check                       静态检查
  hv sbom                        所用全部软件包的清单（CycloneDX JSON）
  hv lab up|down|status|vm …     不带平台的实验云（hv lab help）
  hv verify [--json]             在保护关闭与开启时各运行一遍全部攻击
     [--signatures SUITE]        包括需要 Suricata 的攻击，SUITE 为含有它的 Debian 版本（trixie）
  hv bench NAME [--json]         与同类产品并排测量一项指标（hv bench list）
  hv engine join|run|release     宿主机上的接入引擎（hv engine help）
  hv platform run                安全管理平台（hv platform help）
  hv gateway build|verify        防火墙虚拟机镜像：由软件包构建、签名、校验
  hv login [USER] · hv logout    登录平台（--url、--ca）

  登录后可用（可加 --json、--url、--lang en|zh）：
${commands}

凡是需要 ID 之处都可以写名称。对象的字段即选项（--vlan 100）；--file FILE 从 JSON 读取。`,
  unknownCommand: (word) => `没有“${word}”这个命令。hv help 列出全部命令。`,
  password: '密码：',
  newPassword: '新密码（至少 12 个字符）：',
  mustChange: '这是一次性密码，请现在设置自己的密码。',
  signedIn: (user, url) => `已以 ${user} 登录 ${url}。`,
  signedOut: '已退出登录。',
  errors: {
    'flag-needs-value': (p) => `--${p['flag']} 需要一个值。`,
    'unknown-flag': (p) => `这里没有 --${p['flag']} 选项。可用的有：${p['known']}`,
    'file-unreadable': (p) => `无法读取 ${p['file']}：${p['reason']}`,
    unreachable: (p) => `${p['url']} 没有响应（${p['reason']}）。平台启动了吗（hv up）？其他地址请用 --url 或 HV_URL。`,
    'no-such-name': (p) => `没有名为“${p['name']}”的对象。`,
    'ambiguous-name': (p) => `有多个对象名为“${p['name']}”，请使用 ID：${p['ids']}`,
    'nothing-captured': (p) => `还没有宿主机为 ${p['id']} 抓到任何报文。`,
    'several-files': (p) => `有多台宿主机各有一个文件：${p['hosts']}。请用 --host 选一台，或去掉 --out。`,
    'capture-open': (p) => `${p['host']} 尚未关闭文件。请等待结束，或执行 hv capture stop。`,
    'capture-damaged': (p) => `从 ${p['host']} 收到的内容与其抓包不一致（SHA-256 不同），没有保留任何内容。请重试。`,
    'file-unwritable': (p) => `无法写入 ${p['file']}：${p['reason']}`,
    'flow-file-missing': () => '请指定文件：hv flow save flows.csv（或 .jsonl、.parquet）。',
    'unknown-form': (p) => `无法从 ${p['file']} 的扩展名得知格式。可用：${p['known']}。`,
    'name-missing': (p) => `请给出对象名称：hv ${p['command']} 名称`,
    'too-many-words': (p) => `多余的参数：${p['words']}`,
    'no-terminal': (p) => `没有可供输入的终端。请设置 ${p['variable']}。`,
    'no-cookie': (p) => `${p['url']} 登录后没有给出会话。它是 Hypervigil 平台吗？`,
    'file-missing': () => '请给出文件：-f 文件（-f - 表示标准输入）。',
    'unknown-source': (p) => `无法从“${p['from']}”导入。--from 可取：${p['known']}`,
    'no-service': (p) => `“${p['word']}”不是服务。服务写作 tcp/22、udp/5000-5010、icmp/8/0、ip/47，以逗号分隔。`,
    'no-bandwidth': (p) =>
      `“${p['text']}”不是带宽。写法如 500k、100m 或 10g（比特/秒），带突发量写作 100m/20m，或写 none。`,
    'no-connection-rate': (p) => `“${p['text']}”不是连接速率。写法如 100（每秒），带突发量写作 100/500，或写 none。`,
    'wrong-order': (p) => `--order ${p['order']} 不是 0 到 999999 之间的数。`,
    'draft-busy': () => '有人正不断修改草稿。请稍后重试。',
    'draft-moved': (p) => `草稿现在是版本 ${p['current']}，而不是 ${p['seen']}。请重新查看变更计划（hv policy plan）。`,
    'refused-by-hosts': (p) =>
      `版本 ${p['revision']} 已发布，但 ${p['hosts']} 无法执行（hv policy progress）。可用 hv policy rollback 回退。`,
    'hosts-not-ready': (p) =>
      `版本 ${p['revision']} 已发布，但 ${p['hosts']} 未在限定时间内确认（hv policy progress）。`,
    'draft-of-others': (p) =>
      `发布会一并发布他人留在草稿中的改动：${p['policies']}。请先发布或放弃它们，或加上 --with-others。`,
  },
  saved: (p) => `${p.file}：${p.bytes} 字节`,
  captured: (p) => `${p.file}：来自 ${p.host} 的 ${p.packets} 个报文，${p.bytes} 字节，SHA-256 ${p.sha256}`,
  policy: {
    kinds: {
      schedule: '时间表',
      service: '服务',
      group: '安全组',
      policy: '策略',
      assertion: '断言',
      'address-set': '地址集',
      limit: '限额',
      'gateway-group': '网关组',
    },
    noChanges: '没有变更：一切与文件一致。',
    same: '规则相同。',
    moreRules: (count) => `……另有 ${count} 条规则。`,
    summary: (create, update, remove) =>
      `新建 ${create} 项，修改 ${update} 项，删除 ${remove} 项。策略写入草稿，其余立即生效。`,
    others: (policies) => `草稿还改动了文件中没有的策略：${policies}。`,
    rule: (place) => `规则 ${place}`,
    moved: (from) => `（原为第 ${from} 条）`,
    outcomes: {
      done: (what, action) => `✓ 已${DONE[action]}${what}`,
      named: (what) => `! 保留${what}：已发布的策略仍在引用它。请发布后再次应用。`,
    },
    importedFrom: (source, files) => `从 ${source} 导入：${files}`,
    mapping: { mapped: '已对应', approximated: '近似', 'not-mapped': '未对应' },
    because: (why) => `：${why}`,
    mappedCount: (mapped, approximated, left, opens) =>
      `已对应 ${mapped} 项，近似 ${approximated} 项，未对应 ${left} 项。${opens > 0 ? `带 ! 的 ${opens} 项可能放行原本拒绝的流量，请先查看。` : ''}`,
    inDraft: '尚未发布：请查看草稿，然后运行 hv policy publish。',
    published: (revision) => `已发布为版本 ${revision}。`,
  },
  traffic: {
    seen: (flows, vms) => `已评估：${vms} 台虚拟机的 ${flows} 个已记录连接。`,
    cut: (flows, vms) => `将被切断：${vms} 台虚拟机的 ${flows} 个连接。`,
    opened: (flows, vms) => `将被放行：${vms} 台虚拟机的 ${flows} 个连接。`,
    unplaced: (flows) => `未评估：${flows} 个连接，其虚拟机已不存在或已更换地址。`,
    learnt: (rules, flows, vms) => `${rules} 条规则允许所学习的 ${vms} 台虚拟机的 ${flows} 个连接。`,
    applied: (policy) => `已作为策略“${policy}”写入草稿，规则为预发布：发布后，每条流都会显示这些规则的判定。`,
    confidence: { high: '高', medium: '中', low: '低' },
    outliers: {
      denied: (talks, flows) => `未采用（被拒绝）：${talks} 项服务，${flows} 个连接。`,
      scan: (talks, flows) => `未采用（疑似扫描）：${talks} 项服务，${flows} 个连接。`,
      once: (talks) => `未采用（仅出现一次）：${talks} 项服务。`,
      'other-tenant': (talks, flows) => `未采用（跨租户，只能由提供商的规则允许）：${talks} 项服务，${flows} 个连接。`,
      'link-local': (talks, flows) => `未采用（链路本地地址不属于任何安全组）：${talks} 项服务，${flows} 个连接。`,
      moved: (talks, flows) => `未采用（虚拟机已不存在或已更换地址）：${talks} 项服务，${flows} 个连接。`,
    },
    truncated: '流量过多，一次无法全部评估，已略去最少见的部分。',
  },
  observation: {
    published: (revision, at, by, comment) =>
      `版本 ${revision}，由 ${by} 于 ${at} 发布${comment === '' ? '' : `：${comment}`}`,
    hosts: (confirmed, all) => `${all} 台宿主机中已有 ${confirmed} 台确认执行。`,
    confirmed: (host) => `${host} 已执行。`,
    refused: (host, error) => `${host} 拒绝执行并保留原有策略：${error}`,
    waiting: (host) => `${host} 尚未回应。`,
    skipped: (host) => `${host} 已执行更新的版本。`,
    nothingBefore: '此前没有流量记录，无法判断当时是否放行。',
    denied: (talks, flows, vms) => `原先放行、现被拒绝：${talks} 类流量，${flows} 个连接，${vms} 台虚拟机。`,
    allowed: (talks, flows, vms) => `原先拒绝、现被放行：${talks} 类流量，${flows} 个连接，${vms} 台虚拟机。`,
    firstHit: (policy, rule, flows) => `首次命中：${policy} / ${rule}，${flows} 个连接。`,
    rollBack: '如非本意，请运行 hv policy rollback。',
  },
  signInFirst: '请运行 hv login。',
  requestId: (id) => `请求编号 ${id}`,
};

const DONE = { create: '新建', update: '修改', delete: '删除' };
