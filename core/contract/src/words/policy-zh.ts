import type { ViolationParams } from '@hypervigil/model';
import type { Words } from './words.ts';

const byRule = (p: ViolationParams) => (p.rule === '' ? '默认判定' : `策略 ${p.policy} 的规则 ${p.rule} `);

export const violations: Words['violations'] = {
  allow: (p) => `${p.from} 可以通过 ${p.service} 访问 ${p.to}，由${byRule(p)}放行。`,
  deny: (p) => `${p.from} 无法通过 ${p.service} 访问 ${p.to}，被${byRule(p)}阻断。`,
};

export const firewall: Words['firewall'] = {
  'cuts-platform': (p) => `已拒绝：此宿主机将无法再连接平台 ${p['address']} 端口 ${p['port']}。请允许其出站。`,
  'cuts-resolver': (p) => `已拒绝：此宿主机将无法再向 ${p['address']} 查询平台的地址。请允许 dns 出站。`,
  'cuts-ssh': (p) =>
    `已拒绝：来自 ${p['address']}、连接端口 ${p['port']} 的 SSH 会话将会中断。请允许其入站，或将 keepSsh 设为 false。`,
  'not-confirmed': () => '已回滚：未在时限内确认。请先确认仍可访问该宿主机，再予以确认。',
  'platform-lost': () => '已回滚：在此策略下，宿主机未能重新连接平台。',
  interrupted: () => '已回滚：接入引擎在试用期间重新启动。请重新设置策略。',
  'nft-missing': () => '未应用：此宿主机上没有 nft。请安装软件包 nftables。',
  'nft-failed': (p) => `未应用：${p['reason']}。`,
};

export const findings: Words['findings'] = {
  'shadowed.same': (p) => `从不起作用：在它之前的 ${p.others} 判定相同。可以删除。`,
  'shadowed.opposite': (p) => `从不起作用：在它之前的 ${p.others} 判定不同。其中必有一条有误。`,
  'redundant.rules': (p) => `删除后没有任何变化：${p.others} 判定相同。可以删除。`,
  'redundant.defaults': () => '删除后没有任何变化：默认判定相同。可以删除，或为它开启日志。',
  'contradictory.order': (p) => `与 ${p.others} 对部分报文的判定相反，结果取决于先后顺序。`,
  'irrelevant.nobody-from': () => '不匹配任何流量：源没有任何地址。',
  'irrelevant.nobody-to': () => '不匹配任何流量：目的没有任何地址。',
  'irrelevant.never-meet': () => '不匹配任何流量：两端没有共同的网络、IP 版本或作用范围。',
  'irrelevant.silent-from': (p) => `源在 ${p.days} 天内没有任何流量。首次发布于 ${p.since}。请确认是否仍然需要。`,
  'irrelevant.silent-to': (p) => `目的在 ${p.days} 天内没有任何流量。首次发布于 ${p.since}。请确认是否仍然需要。`,
  'unused.no-hits': (p) => `${p.days} 天内没有命中，而两端都有流量。首次发布于 ${p.since}。请确认是否仍然需要。`,
  'over-permissive.every-service': () => '向整个外部开放所有端口。请写明所需的服务。',
  'over-permissive.remote-administration': () => '向整个外部开放远程管理。请写明允许的来源。',
  'missing-log.between-tenants': () => '连通了不同租户，但没有记录日志。',
  'missing-log.from-anywhere': () => '允许整个外部进入，但没有记录日志。',
  'expired.time-over': () => '已到期，不再起任何作用。请删除，或重新设定期限。',
};

export const rollback: Words['rollback'] = (p) => `回退到版本 ${p.revision}`;

export const recommendation: Words['recommendation'] = {
  policy: (p) => `${p.subject} 的已见流量`,
  description: (p) => `允许 ${p.days} 天内记录到的流量（${p.from} 至 ${p.to}）。`,
  comment: (p) =>
    `${p.ofDays} 天中有 ${p.days} 天出现，共 ${p.flows} 个连接${p.vmsNamed > 0 ? `，涉及 ${p.vmsNamed} 台虚拟机中的 ${p.vmsSeen} 台` : ''}`,
};
