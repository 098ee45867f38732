export const error = {
  title: 'That did not work',
  load: 'This could not be read',
  requestId: 'Request id',
  copyId: 'Copy the request id',
  network: 'The platform does not answer. Check your connection and that the platform runs, then try again.',
  crash: 'This screen failed. Reload the page; if it fails again, tell us with the message below.',
  reload: 'Reload the page',
};
