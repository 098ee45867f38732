export * from './errors.ts';
export { type Mail, mailOf } from './mail.ts';
export { createReplyReader, type Reply, replyText } from './reply.ts';
export { type SmtpOptions, sendMail } from './send.ts';
