export const cell = {
  keys: '回车保存，Esc 放弃',
  noPeer: '“{{text}}”既不是列表中的名称，也不是地址段。',
  kinds: { group: '安全组', tenant: '租户', addressSet: '地址集', namedService: '服务' },
};
