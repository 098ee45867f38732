export const error = {
  title: '操作未成功',
  load: '无法读取',
  requestId: '请求编号',
  copyId: '复制请求编号',
  network: '平台没有响应。请检查网络连接以及平台是否在运行，然后重试。',
  crash: '此页面出错。请重新加载；如果再次出错，请将下面的信息告诉我们。',
  reload: '重新加载页面',
};
