import type { Attack, Overheard } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { catchFrames, honestQuestion, sendFrames } from '../src/tools.ts';

const MARKER = 'hv-foreign-mirror';

export const foreignMirror: Attack = {
  id: 'foreign-mirror',
  title: "Another tenant, or the provider, gets copies of a tenant's traffic",
  protects: 'copies of traffic are for its tenant alone',
  needsPolicy: true,
  async run({ lab, cast, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack foreign-mirror needs somebody who makes mirrors');
    const { stranger, victim } = cast;
    const { from, frame } = honestQuestion(cast, MARKER);
    const talk = () => sendFrames(lab, from.name, [frame], { times: 3, everyS: 0.1 });
    const seconds = 600;
    let tried: Overheard | undefined;
    let copies = 0;
    try {
      const arrived = await catchFrames(lab, victim.name, { marker: MARKER, seconds }, async () => {
        const caught = await catchFrames(lab, stranger.name, { marker: MARKER, seconds }, async () => {
          tried = await policy.overhear(stranger.name, victim.name, MARKER, talk);
        });
        copies = caught.length;
      });
      const { heard = [], control = false, evidence = '' } = tried ?? {};
      return {
        succeeded: copies > 0 || heard.length > 0,
        control: control && arrived.length > 0,
        evidence: `${copies} copies reached ${stranger.name}; ${evidence}`,
      };
    } finally {
      await policy.revoke();
    }
  },
};
