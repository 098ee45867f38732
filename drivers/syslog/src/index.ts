export { type SyslogMessage, syslogFrame } from './codec.ts';
export { sendSyslog } from './send.ts';
