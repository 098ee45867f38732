import type { findings as english } from '../en/findings.ts';
import type { Messages } from '../setup.ts';

export const findings: Messages<typeof english> = {
  title: '分析发现',
  open: '分析发现：{{count, number}}',
  openUnknown: '分析发现',
  run: '重新分析',
  failed: '无法分析规则',
  none: '规则没有问题：每条都有作用，没有相互矛盾，也没有过宽的。',
  kind: '类别',
  others: '相关规则',
  packet: '{{network}} 中的报文：',
  ofRule_other: '{{rule}} 的 {{count}} 条分析发现',
  column: '发现',
  states: {
    'asked-for': '规则很多，点击后才分析。',
    running: '正在分析草稿',
    old: '针对较早的草稿',
    current: '针对当前草稿',
    failed: '分析失败',
  },
  codes: {
    all: '全部',
    shadowed: '被遮蔽',
    redundant: '冗余',
    contradictory: '矛盾',
    expired: '已过期',
    irrelevant: '无关',
    'over-permissive': '过宽',
    unused: '未使用',
    'missing-log': '缺少日志',
  },
};
