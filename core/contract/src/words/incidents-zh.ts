import type { ResponseTurn } from '@hypervigil/model';
import type { Words } from './words.ts';

const RESPONSES: Readonly<Record<ResponseTurn, (actor: string, what: string) => string>> = {
  done: (actor, what) => `${actor} 已响应：${what}。`,
  asked: (actor, what) => `${actor} 请求批准：${what}。`,
  approved: (actor, what) => `${actor} 已批准：${what}。`,
  declined: (actor, what) => `${actor} 已拒绝：${what}。`,
  lapsed: (_, what) => `逾期未获批准：${what}。`,
  answered: (actor) => `${actor} 代表租户回答：`,
  undone: (actor, what) => `${actor} 已结束：${what}。`,
};

export const incidents: Words['incidents'] = {
  tactics: {
    reconnaissance: '侦察',
    'defense-evasion': '防御绕过',
    'credential-access': '凭证访问',
    discovery: '发现',
    'lateral-movement': '横向移动',
    'command-and-control': '命令与控制',
    exfiltration: '数据外传',
    impact: '影响',
  },
  severity: ({ worst }) => `与其中最严重的告警相同：${worst}。`,
  raised: ({ worst, tactics }) => `比其中最严重的告警（${worst}）高一级，因为告警涉及多种战术：${tactics}。`,
  listed: '、',
  ties: {
    vm: (vm) => `共同的虚拟机 ${vm}，相关告警：`,
    address: (ip) => `共同的地址 ${ip}，相关告警：`,
    name: (name) => `共同的域名 ${name}，相关告警：`,
  },
  began: '事件由此开始。',
  placed: (person) => `由 ${person} 放入此事件。`,
  moments: {
    began: () => '行为开始。',
    raised: () => '告警产生。',
    lasted: () => '最近一次观测到。',
    placed: ({ actor }) => `${actor} 将其放入此事件。`,
    triage: ({ actor }) => `${actor} 已研判。`,
    start: ({ actor }) => `${actor} 开始处理。`,
    assign: ({ actor, assignee }) => (assignee === null ? `${actor} 取消了指派。` : `${actor} 指派给 ${assignee}。`),
    comment: ({ actor, text }) => `${actor}：${text}`,
    close: ({ actor, resolution }) => `${actor} 已关闭。${resolution}`,
    response: ({ turn, actor, what, answer, reason }) =>
      `${RESPONSES[turn](actor, what)}${answer ?? ''}${reason ?? ''}`,
    told: ({ route, event, outcome }) => `路由 ${route}，${event}：${outcome}。`,
  },
  responses: {
    quarantine: () => '隔离虚拟机',
    'block-peer': ({ ip, set }) => `将 ${ip} 加入地址集 ${set}`,
    'ask-tenant': () => '询问租户',
  },
  outcomes: { waiting: '等待发送', sent: '已送达', held: '暂缓发送', failed: '未送达' },
};
