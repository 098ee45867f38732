export const recommendations = {
  title: 'Recommendations',
  question: 'Which few rules would allow what a group or tenant was seen to do, and what stands out?',
  subject: 'For',
  choose: 'Choose a group or tenant',
  chooseHelp:
    'From the recorded flows of its VMs come the fewest rules that allow them, in the words of your groups, with what speaks for each.',
  groups: 'Security groups',
  tenants: 'Tenants',
  rules: 'Recommended rules',
  picture: 'Who would talk to whom',
  none: 'Nothing was learnt',
  noneHelp: 'No allowed traffic was seen more than once in these days. Look at more days.',
  summary_one:
    '{{count, number}} rule allows the {{flows, number}} connections of {{vms, number}} VMs that were learnt from',
  summary_other:
    '{{count, number}} rules allow the {{flows, number}} connections of {{vms, number}} VMs that were learnt from',
  confidence: 'Confidence',
  confidences: { high: 'High', medium: 'Medium', low: 'Low' },
  confidenceHelp: 'Seen on {{days}} of {{ofDays}} days, by {{vms}} of {{ofVms}} VMs, in {{flows, number}} connections',
  days: 'Days',
  vms: 'VMs',
  outliers: 'Left out',
  noOutliers: 'Nothing stands out.',
  reason: 'Why',
  reasons: {
    denied: 'Denied',
    scan: 'Looks like a scan',
    once: 'Seen once',
    'other-tenant': 'Between tenants',
    'link-local': 'Link-local address',
    moved: 'VM or address gone',
  },
  apply: 'Put into the draft',
  applyNone: 'There is no rule to put into the draft.',
  applied:
    'Policy {{policy}} is in the draft, its rules staged. Publish it, and every flow says what they would make of it.',
};
