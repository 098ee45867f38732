export { blockedBy, blockedName } from './blocks.ts';
export { compileGateway, type GatewayRuleset, SAMPLE_GROUP } from './compile.ts';
export { counterName, ruleOfCounter } from './counters.ts';
export { type ConnectionMark, decodeMark, ENDED, encodeMark, GENERATIONS, SLOTS } from './mark.ts';
export { blocksNames, QUESTION_QUEUE } from './questions.ts';
export { type End, type Refusal, type Rules, rulesOf } from './rules.ts';
export { TABLE } from './table.ts';
