export const tasks = {
  title: 'Tasks',
  question: 'What is running, waiting, failed, and why.',
  empty: 'No task yet',
  emptyHelp:
    'Starting, stopping or migrating a VM, and reading a host again, are tasks. Ask for one and it shows here with its outcome.',
  kind: 'Task',
  kinds: {
    'vm.start': 'Start VM',
    'vm.shutdown': 'Shut VM down',
    'vm.stop': 'Cut power of VM',
    'vm.reboot': 'Reboot VM',
    'vm.migrate': 'Migrate VM',
    'host.sync': 'Read inventory',
  },
  states: { queued: 'Waiting', running: 'Running', done: 'Done', failed: 'Failed', cancelled: 'Cancelled' },
  subject: 'Subject',
  by: 'By',
  created: 'Asked',
  took: 'Took',
  outcome: 'Outcome',
  progress: 'Progress',
  to: 'to {{host}}',
};
