export const keys = {
  title: '键盘快捷键',
  palette: '查找页面、对象和操作',
  search: '在当前列表中搜索',
  help: '显示快捷键',
  escape: '关闭已打开的内容',
  goTo: '前往{{page}}',
  pause: '暂停或恢复实时更新',
};
