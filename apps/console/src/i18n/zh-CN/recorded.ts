export const recorded = {
  days: '已记录的流',
  lastDays_other: '最近 {{count}} 天',
  connections: '连接数',
  volume: '流量',
  seeFlows: '查看这些连接',
};
