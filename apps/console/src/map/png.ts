import type { Vm } from '@hypervigil/model';
import { isUnprotected } from '../data/vm-view.ts';
import { type ChartColours, chartColours } from '../ui/chart-colours.ts';
import { absoluteBoxes, type MapEdge, type MapNode } from './elements.ts';
import { linkOpacity, linkWidth } from './geometry.ts';
import type { Box } from './layout.ts';
import type { SceneContainer } from './scene.ts';

interface Picture {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  readonly containerName: (container: SceneContainer) => string;
  readonly stateOf: (vm: Vm) => string;
  readonly now: number;
  readonly windowMs: number;
}

const MARGIN = 40;
const SCALE = 2;
/** Browsers refuse larger canvases. */
const MAX_SIDE = 12_000;

/** The whole map as an image, drawn anew from the scene: sharp at any zoom, in the colours of the current theme. */
export function drawPng(picture: Picture): Promise<Blob> {
  const all = absoluteBoxes(picture.nodes);
  const boxes = new Map(all.map((box) => [box.id, box]));
  const left = Math.min(0, ...all.map((box) => box.x)) - MARGIN;
  const top = Math.min(0, ...all.map((box) => box.y)) - MARGIN;
  const width = Math.max(...all.map((box) => box.x + box.width), 200) + MARGIN - left;
  const height = Math.max(...all.map((box) => box.y + box.height), 100) + MARGIN - top;
  const scale = Math.min(SCALE, MAX_SIDE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const pen = canvas.getContext('2d')!;
  const colours = chartColours();
  pen.fillStyle = colours.page;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.scale(scale, scale);
  pen.translate(-left, -top);
  for (const node of picture.nodes)
    if (node.type === 'container')
      drawContainer(pen, colours, boxes.get(node.id)!, picture.containerName(node.data.container));
  for (const edge of picture.edges) drawLink(pen, colours, edge, picture);
  for (const node of picture.nodes)
    if (node.type !== 'container')
      drawCard(pen, colours, boxes.get(node.id)!, node.data.node.name, node.data.node.vms, picture.stateOf);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the browser made no image')) : resolve(blob)),
      'image/png',
    );
  });
}

function box(pen: CanvasRenderingContext2D, { x, y, width, height }: Box, radius: number, fill: string, line: string) {
  pen.beginPath();
  pen.roundRect(x, y, width, height, radius);
  pen.fillStyle = fill;
  pen.fill();
  pen.strokeStyle = line;
  pen.lineWidth = 1;
  pen.setLineDash([]);
  pen.stroke();
}

function drawContainer(pen: CanvasRenderingContext2D, colours: ChartColours, at: Box, name: string) {
  box(pen, at, 14, colours.surface, colours.line);
  pen.fillStyle = colours.text;
  pen.font = `600 13px ${colours.font}`;
  pen.fillText(name, at.x + 16, at.y + 26);
}

function drawCard(
  pen: CanvasRenderingContext2D,
  colours: ChartColours,
  at: Box,
  name: string,
  vms: readonly Vm[],
  stateOf: (vm: Vm) => string,
) {
  const [vm] = vms;
  const open = vms.some(isUnprotected);
  box(pen, at, 8, colours.sunken, open ? colours.orange : colours.line);
  pen.fillStyle = colours.text;
  pen.font = `500 13px ${colours.font}`;
  pen.fillText(name, at.x + 12, at.y + 20);
  if (vm === undefined) return;
  pen.fillStyle = vm.state === 'running' ? colours.green : colours.subtle;
  pen.font = `11px ${colours.font}`;
  pen.fillText(vms.length > 1 ? String(vms.length) : stateOf(vm), at.x + 12, at.y + 37);
}

function drawLink(pen: CanvasRenderingContext2D, colours: ChartColours, edge: MapEdge, { now, windowMs }: Picture) {
  if (edge.data === undefined) return;
  const { link, label } = edge.data;
  const { curve, labelAt } = edge.data.way;
  const { path, end, angle } = curve;
  const width = linkWidth(link.bytes + link.replyBytes);
  const colour = link.verdict === 'deny' ? colours.deny : link.unprotected ? colours.subtle : colours.allow;
  pen.save();
  pen.globalAlpha = linkOpacity(link.lastAt, now, windowMs);
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(link.verdict === 'deny' ? [7, 5] : link.unprotected ? [14, 7] : []);
  pen.stroke(new Path2D(path));
  pen.translate(end[0], end[1]);
  pen.rotate(angle);
  const size = 7 + width;
  if (link.verdict === 'deny') pen.fillRect(-1.5, -size / 2 - 1, 3.5, size + 2);
  else pen.fill(new Path2D(`M${-size * 0.8},${-size / 2} L2,0 L${-size * 0.8},${size / 2} Z`));
  pen.restore();
  pen.font = `11px ${colours.font}`;
  pen.textAlign = 'center';
  const room = pen.measureText(label).width + 8;
  pen.fillStyle = colours.surface;
  pen.fillRect(labelAt[0] - room / 2, labelAt[1] - 8, room, 16);
  pen.fillStyle = colours.subtle;
  pen.fillText(label, labelAt[0], labelAt[1] + 4);
  pen.textAlign = 'start';
}
