export const drag = {
  handle: '移动 {{name}}，第 {{position}} 项，共 {{count}} 项',
  help: '拖到别处，或按空格键后用方向键移动',
  place: '{{where}} 中第 {{position}} 项，共 {{count}} 项',
  lifted: '已拿起 {{name}}，位于 {{place}}。方向键移动，空格键放下，Esc 键放弃。',
  over: '{{place}}',
  put: '{{name}} 现在位于 {{place}}。',
  gaveUp: '{{name}} 仍在原处。',
};
