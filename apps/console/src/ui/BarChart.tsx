import 'uplot/dist/uPlot.min.css';
import { useEffect, useEffectEvent, useRef } from 'react';
import uPlot from 'uplot';
import { usePreferences } from '../data/preferences.ts';
import { chartColours } from './chart-colours.ts';
import { useFormat } from './use-format.ts';

interface Props {
  readonly height: number;
  /** Milliseconds since 1970, ascending, one bucket apart. */
  readonly times: readonly number[];
  readonly bucketMs: number;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly lowerName: string;
  readonly upperName: string;
  readonly onBrush?: (from: string, to: string) => void;
}

/** Two stacked series of bars over time. Decorative for assistive technology: the caption and the table tell the same. */
export function BarChart(props: Props) {
  const { height, times, lower, upper } = props;
  const { look } = usePreferences();
  const format = useFormat();
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const brushed = useEffectEvent((from: number, to: number) =>
    props.onBrush?.(new Date(from).toISOString(), new Date(to).toISOString()),
  );

  const bucket = useEffectEvent(() => props.bucketMs);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `look` is what the colours depend on
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const colours = chartColours();
    const bars = uPlot.paths.bars!({ size: [0.8, 40], align: 1 });
    const series = (label: string, colour: string): uPlot.Series => ({
      label,
      fill: colour,
      width: 0,
      paths: bars,
      points: { show: false },
    });
    const axis = { stroke: colours.subtle, font: `11px ${colours.font}`, ticks: { show: false }, gap: 4 };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        ms: 1,
        padding: [8, 18, 0, 0], // half a label of the last tick stands right of it
        legend: { show: false },
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: props.onBrush !== undefined, y: false, setScale: false },
        },
        // A bar stands right of its time: the scale goes on to the end of the last.
        scales: {
          x: { time: true, range: (_, min, max) => [min, max + bucket()] },
          y: { range: (_, __, max) => [0, Math.max(4, max * 1.1)] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 20,
            values: (_, splits) => splits.map((at) => format.clock(at).slice(0, 5)),
          },
          {
            ...axis,
            grid: { stroke: colours.lineSoft, width: 1 },
            size: 40,
            space: 28,
            values: (_, splits) => splits.map((n) => (Number.isInteger(n) ? format.short(n) : '')),
          },
        ],
        // Drawn back to front: the sum in the colour of the upper series, then the lower one over its foot.
        series: [{}, series(props.upperName, colours.allow), series(props.lowerName, colours.deny)],
        hooks: {
          setSelect: [
            (u) => {
              if (u.select.width < 4) return;
              brushed(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x'));
              u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
            },
          ],
        },
      },
      [[], [], []],
      element,
    );
    chart.current = plot;
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [look, height, format]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new chart needs its data too
  useEffect(() => {
    chart.current?.setData([[...times], upper.map((value, n) => value + (lower[n] ?? 0)), [...lower]]);
  }, [times, lower, upper, look, height, format]);

  return <div ref={frame} className="hv-chart__canvas" aria-hidden="true" />;
}
