import type { CloudMessages } from './en.ts';

export const zh: CloudMessages = {
  steps: {
    'guest image': '虚拟机镜像',
    networks: '网络',
    host: '宿主机',
    vm: '虚拟机',
    libvirt: 'libvirt 有应答',
    platform: '安全管理平台',
    tenants: '租户与策略',
    engine: '接入引擎',
    enforced: '策略已在每台宿主机上生效',
    connected: '宿主机已连接',
    visible: '每台虚拟机均已纳管并受保护',
    'end processes': '结束进程',
    'remove namespaces': '移除命名空间',
    'remove files': '移除文件',
  },
  ready: (url) => `Hypervigil 已启动：${url}`,
  password: (password) => `以 admin 登录，一次性密码为 ${password}`,
  passwordChanged: '请以 admin 和您设置的密码登录。',
  seesOnly:
    '本机没有 Open vSwitch：虚拟机可见，但尚未管控任何流量。请安装 openvswitch-switch，并将虚拟机接到网桥 br-int；接在别处的不受保护。',
  join: (command) =>
    `在每台要保护的宿主机上以 root 运行：\n\n  ${command}\n\n令牌只能使用一次，一小时内有效。新建令牌：hv enrolment create --host-name 名称`,
  next: 'hv down 结束一切，不留痕迹。',
  nextPlatform: 'hv down 结束平台但保留数据；hv down --purge 一并删除。',
  elapsed: (seconds) => `共用时 ${seconds} 秒`,
  down: '已全部清除。',
  kept: (dir) => `已结束。平台数据保留在 ${dir}；hv down --purge 可将其删除。`,
  nothing: '没有正在运行的内容。',
  cannotCarry: (lacks) =>
    `本机无法承载实验云：\n${lacks}\n\n可改用：\n  hv up --connect qemu:///system   保护本机的 libvirt\n  hv up --platform                 启动平台，由宿主机加入`,
  outcome: { succeeded: '得逞', stopped: '被阻止', error: '无法执行', 'not-run': '未运行' },
  attack: (row) =>
    row.pass === null
      ? `– ${row.id.padEnd(22)} 未运行：${row.off.evidence}`
      : `${row.pass ? '✓' : '✗'} ${row.id.padEnd(22)} 关闭保护：${zh.outcome[row.off.outcome]}　开启保护：${row.on === null ? '-' : `${zh.outcome[row.on.outcome]}（${row.on.evidence}）`}`,
  failed: (what) => `失败：${what}`,
  logs: (dir) => `日志：${dir}。hv down 清除已启动的部分；hv up 从此处继续。`,
  usage: {
    'bad-flags': (detail) => `${detail}。参见 hv help。`,
    'one-mode': (detail) => `${detail} 只能选择一个。`,
    'bad-port': (detail) => `--port ${detail} 不是端口（1 到 65535）。`,
    'no-libvirt': (detail) => `无法连接 libvirt：${detail}。未启动任何内容。`,
  },
};
