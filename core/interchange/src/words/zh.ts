import type { Named } from '../mistake.ts';
import type { Words } from './words.ts';

const things: Record<Named, string> = { group: '安全组', tenant: '租户', vm: '虚拟机', network: '网络' };

export const zh: Words = {
  reasons: {
    'built-in': () => '平台自身即如此处理',
    'never-matches': () => '虚拟机之间的流量不会匹配它',
    'members-unknown': (p) => `文件没有说明 ${p.group} 中有哪些虚拟机；请为其添加标签 ${p.tag}，或直接写出名称`,
    'both-families': (p) => `原规则只涉及 ${p.family}；安全组不分 IP 版本，现在两者都涉及`,
    'ends-silently': () => '原为拒绝并回复，此处为直接拒绝',
    'log-elsewhere': () => '此处日志属于规则：请在作出判定的规则上设置 log',
    'source-ports': () => '规则没有源端口',
    interface: (p) => `规则没有接口（${p.name}）；请写出其后的地址或安全组`,
    'own-address': () => '机器自身一侧另有地址；单个地址代表机器本身，其他无法表达',
    'unknown-match': (p) => `此处没有与 ${p.match} 对应的条件`,
    'unknown-target': (p) => `此处没有与动作 ${p.target} 对应的动作`,
    'unknown-group': (p) => `文件中没有组 ${p.name}`,
    'unknown-set': (p) => `文件中没有 ${p.name} 的地址`,
    'unknown-protocol': (p) => `无法表达协议 ${p.protocol} 及其端口`,
    'unknown-kind': (p) => `不读取 ${p.kind} 类型的对象`,
    'negated-protocol': () => '无法表达“除某协议以外”；请在其前为该协议单写一条规则',
    'no-direction': () => '缺少方向；请用 --long 列出规则',
    'other-table': (p) => `表 ${p.table} 不是用来过滤的`,
    'for-hosts': () => '它保护的是宿主机，而不是虚拟机',
    'switched-off': () => '原处的防火墙未启用；此处其规则会生效',
    'one-vnic': (p) => `规则涉及虚拟机的全部虚拟网卡，而不只是 ${p.name}`,
    'link-layer': (p) => `无法表达链路层规则（${p.protocol}）；平台自身会防止 MAC 与 IP 地址仿冒`,
    stateless: () => '原规则不跟踪连接；此处应答流量会自动放行',
    'named-port': (p) => `端口 ${p.port} 的号码在 Pod 中，而不在文件中`,
    'label-expression': (p) => `安全组按取单一值的标签选择；${p.key} 以其他方式指定`,
    'namespace-labels': () => '文件中没有命名空间的标签；请加入 Namespace 对象',
    'every-namespace': () => '文件没有说明有哪些命名空间；请加入 Namespace 对象',
    'not-addresses': (p) => `${p.what} 不是地址，也不是虚拟机的组`,
    'pass-before-more': () => '出站的 Pass 之后还有其他管理规则，无法表达',
    'too-many-rules': (p) => `展开后超过 ${p.maximum} 条规则`,
    unreadable: (p) => `无法读取：${p.what}`,
  },
  mistakes: {
    'file-too-large': (p) => `文件大于 ${p.maximum} MiB。请按策略拆分。`,
    'not-yaml': (p) => `这不是 YAML：${p.reason}。`,
    'not-xml': (p) => `这不是可以读取的 XML：${p.reason}。`,
    'too-deep': (p) => `嵌套超过 ${p.maximum} 层；策略不会这么深。`,
    'no-anchors': () => '不接受锚点和别名（& 与 *）。请直接写出值。',
    'no-tags': () => '不接受标签（!）。请写普通文本；以感叹号开头的文本请加引号。',
    'key-twice': (p) => `键“${p.key}”在此重复出现。请只保留一个。`,
    'one-document': () => '文件必须恰好包含一个文档。请将全部安全组和策略写入一个文档。',
    'not-a-policy-set': (p) =>
      `开头必须是 apiVersion: hypervigil/v1 和 kind: PolicySet；这里是 ${p.apiVersion} 和 ${p.kind}。其他系统的文件请用 hv policy import。`,
    'unknown-name': (p) => `没有名为“${p.name}”的${things[p.what]}。请改正名称，或先创建。`,
    'ambiguous-name': (p) => `有多个对象名为“${p.name}”。请改写其中一个的 ID：${p.ids}。`,
  },
};
