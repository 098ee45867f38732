export const palette = {
  title: '查找',
  placeholder: '页面、名称、地址、MAC、UUID、操作',
  results: '结果',
  none: '没有与“{{query}}”匹配的内容。请尝试名称或地址的一部分。',
  kinds: {
    page: '页面',
    vm: '虚拟机',
    host: '宿主机',
    network: '网络',
    tenant: '租户',
    group: '安全组',
    gatewayGroup: '网关组',
    policy: '策略',
    action: '操作',
  },
  hint: '↑ ↓ 选择，Enter 打开，Esc 关闭',
};
