import type { matrix as english } from '../en/matrix.ts';
import type { Messages } from '../setup.ts';

export const matrix: Messages<typeof english> = {
  title: '矩阵',
  question: '哪些安全组能访问哪些安全组，通过什么服务：对每个报文都有证明，而非抽样。',
  caption: '行是发起方，列是接收方。方向键在单元格之间移动，回车键查看原因。',
  corner: '从 ↓ 到 →',
  find: '安全组',
  legend: '图例',
  allowed: {
    everything: '全部放行',
    something: '部分放行',
    nothing: '全部拒绝',
    apart: '不会相遇：没有共同的网络',
  },
  cell: '{{from}} → {{to}}',
  why: '原因：{{from}} → {{to}}',
  choose: '选择一个单元格，查看放行的流量。',
  cut: '按名称排列的前 {{shown, number}} 个安全组，共 {{total, number}} 个。其余的请搜索。',
  empty: '还没有安全组',
  emptyHelp: '规则以虚拟机的安全组为对象。有了安全组，这里会显示哪些能访问哪些。',
};
