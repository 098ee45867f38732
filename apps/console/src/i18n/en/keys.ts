export const keys = {
  title: 'Keyboard shortcuts',
  palette: 'Find pages, objects and actions',
  search: 'Search this list',
  help: 'Show these shortcuts',
  escape: 'Close what is open',
  goTo: 'Go to {{page}}',
  pause: 'Pause or resume live updates',
};
