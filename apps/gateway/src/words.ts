import type { GatewayImage } from '@hypervigil/gateway-link';
import type { BuildStep, BuiltImage } from './image/build.ts';

interface Words {
  readonly usage: string;
  readonly rulesOfNobody: string;
  readonly steps: Readonly<Record<BuildStep, string>>;
  built(image: BuiltImage): string;
  verified(image: GatewayImage): string;
}

const MiB = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
const sizeOf = ({ manifest }: BuiltImage) => MiB(manifest.kernel.size + manifest.initramfs.size);

export const WORDS: Readonly<Record<'en' | 'zh', Words>> = {
  en: {
    usage:
      'hv gateway build [--cache-dir DIR] [--key-file FILE] [--version TEXT]\n                 [--suite NAME] [--with suricata [--rules FILE]]\nhv gateway verify DIR --public-key FILE',
    rulesOfNobody: '--rules are rules for Suricata: add --with suricata',
    steps: {
      recipe: 'reading the recipe',
      packages: "fetching the distribution's packages",
      compress: 'compressing the file system',
    },
    built: (image) =>
      [
        `${image.dir}`,
        `  ${sizeOf(image)} MiB, ${image.manifest.packages.length} packages, kernel ${image.manifest.kernel.version}`,
        `  version ${image.manifest.version}, build ${image.manifest.build}, release ${image.release}`,
        `  measurement ${image.manifest.measurement}`,
        ...image.manifest.lacking.map((name) => `  without ${name}: this distribution does not have it`),
        '',
      ].join('\n'),
    verified: ({ manifest, release }) =>
      `The image is what its builder signed; version ${manifest.version}, release ${release}, measurement ${manifest.measurement}\n`,
  },
  zh: {
    usage:
      'hv gateway build [--cache-dir 目录] [--key-file 文件] [--version 版本号]\n                 [--suite 发行版代号] [--with suricata [--rules 规则文件]]\nhv gateway verify 目录 --public-key 文件',
    rulesOfNobody: '--rules 是 Suricata 的规则：请加上 --with suricata',
    steps: { recipe: '读取构建配方', packages: '获取发行版软件包', compress: '压缩文件系统' },
    built: (image) =>
      [
        `${image.dir}`,
        `  ${sizeOf(image)} MiB，${image.manifest.packages.length} 个软件包，内核 ${image.manifest.kernel.version}`,
        `  版本 ${image.manifest.version}，构建 ${image.manifest.build}，发布序号 ${image.release}`,
        `  度量值 ${image.manifest.measurement}`,
        ...image.manifest.lacking.map((name) => `  不含 ${name}：本发行版没有提供`),
        '',
      ].join('\n'),
    verified: ({ manifest, release }) =>
      `镜像与构建者的签名一致；版本 ${manifest.version}，发布序号 ${release}，度量值 ${manifest.measurement}\n`,
  },
};
