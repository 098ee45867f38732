export const drag = {
  handle: 'Move {{name}}, {{position}} of {{count}}',
  help: 'Drag to another place, or press Space and use the arrow keys',
  place: '{{position}} of {{count}} in {{where}}',
  lifted: '{{name}} is lifted, at {{place}}. Arrow keys move it, Space puts it down, Escape gives up.',
  over: '{{place}}',
  put: '{{name}} is now {{place}}.',
  gaveUp: '{{name}} stays where it was.',
};
