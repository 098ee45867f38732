/** 名称日志的用词。 */
export const names = {
  title: '名称',
  question: '谁在何时查询了哪个名称，得到什么答复？网关所见的 DNS、TLS 与 HTTP。',
  search: '名称的一部分',
  empty: '此时段内没有名称',
  emptyHelp: '识别名称的网关会为检测规则的连接记下名称。请选择更长的时段，或让规则检测 DNS 和 TLS。',
  unanswered: '无答复',
  kinds: { dns: 'DNS', tls: 'TLS', http: 'HTTP', other: '其他' },
  columns: {
    at: '时间',
    src: '查询或访问方',
    kind: '类别',
    name: '名称',
    said: '答复与详情',
    dst: '对方',
    gateway: '网关',
  },
};
