import type { Words } from './words.ts';

const said = (answer: unknown) => (answer === '' ? '' : `对方应答：${answer}`);

export const notifications: Words['notifications'] = {
  problems: {
    'forbidden-address': (p) =>
      `${p['host']} 指向 ${p['address']}，该地址不在互联网上。如果允许向那里发送通知，请运维人员将其加入 --notification-networks；租户的通知则加入 --tenant-notification-networks。`,
    unresolved: (p) => `无法解析域名 ${p['host']}。请检查域名和平台的域名服务器。`,
    unreachable: (p) => `无法连接 ${p['host']}（${p['reason']}）。请检查地址、端口和平台的出网路径。`,
    timeout: (p) => `对方未能在 ${p['seconds']} 秒内应答。`,
    'bad-certificate': (p) => `${p['host']} 的证书不可信（${p['reason']}）。如果由自有机构签发，请提供该机构的证书。`,
    'bad-status': (p) => `对方返回 HTTP 状态码 ${p['status']}。${said(p['answer'])}`,
    refused: (p) => `对方没有接受这条消息。${said(p['answer'])}`,
    'no-starttls': () => '邮件服务器不支持 STARTTLS。请选择从首字节起使用 TLS，或更正端口。',
    'no-sign-in': () => '邮件服务器不支持用户名和密码登录（AUTH PLAIN 或 LOGIN）。',
    'not-understood': (p) => `对方使用的是另一种协议。${said(p['answer'])}`,
    'unreadable-secrets': () => '此路由的密钥信息由另一把密钥加密。请重新填写。',
  },
  events: {
    raised: '新告警',
    worsened: '告警加重',
    asked: '有关告警的询问',
    answered: '有关告警的回答',
    closed: '告警已关闭',
  },
  severities: { critical: '严重', high: '高', medium: '中', low: '低' },
  resolutions: { true: '属实。', false: '误报。', expected: '符合预期。' },
  title: ({ event, severity, what, vm }) => `[${severity}] ${event}：${what} – ${vm}`,
  answers: { ours: '是我们所为。', 'not-ours': '不是我们所为。', unknown: '我们不清楚。' },
  question: (text) => `询问：${text}`,
  answer: ({ answer, said }) => `回答：${answer}${said}`,
  seen: (text) => `观测到：${text}`,
  expected: (text) => `预期：${text}`,
  reason: (text) => `定级理由：${text}`,
  vm: ({ vm, tenant, side }) =>
    `虚拟机：${vm}${tenant === null ? '' : `（租户 ${tenant}）`}，${side === 'source' ? '行为的发起方' : '行为的目标'}`,
  peers: (addresses) => `对端：${addresses.join('、')}`,
  technique: (technique) => `MITRE ATT&CK：${technique}`,
  times: ({ first, last, count }) => `首次 ${first}，最近 ${last}，共 ${count} 次`,
  digestTitle: (count) => `暂缓发送 ${count} 条告警`,
  digest: ({ count, from, to, perHour }) =>
    `${from} 至 ${to} 之间的告警超出此路由每小时 ${perHour} 条消息的上限，暂缓发送 ${count} 条。`,
  digestPart: ({ count, severity, what }) => `${count} × ${what}（${severity}）`,
  testTitle: '测试消息',
  test: (route) => `这是对路由 ${route} 的测试，没有发生任何事件。`,
  open: '在 Hypervigil 中打开',
};
