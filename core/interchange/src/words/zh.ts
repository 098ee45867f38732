import type { Named } from '../mistake.ts';
import type { Words } from './words.ts';

const things: Record<Named, string> = { group: '安全组', tenant: '租户', vm: '虚拟机', network: '网络' };

export const zh: Words = {
  mistakes: {
    'file-too-large': (p) => `文件大于 ${p.maximum} MiB。请按策略拆分。`,
    'not-yaml': (p) => `这不是 YAML：${p.reason}。`,
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
