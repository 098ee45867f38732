export { type ApplicationRule, applicationVerdict, type Recognised } from './applications.ts';
export { compileGateway, type GatewayRuleset, SAMPLE_GROUP } from './compile.ts';
export { counterName, ruleOfCounter } from './counters.ts';
export { type ConnectionMark, decodeMark, encodeMark, GENERATIONS, SLOTS } from './mark.ts';
export { TABLE } from './table.ts';
