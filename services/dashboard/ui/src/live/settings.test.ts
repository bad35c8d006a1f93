import { describe, expect, it } from 'vitest';
import type { Config } from '../lib/types';
import { asSettings, changes, differences, initialForm, items } from './settings';

const DEFAULTS: Config['defaults'] = {
  attribution: {
    maxLogits: 10,
    logitProbability: 0.95,
    targetTokens: [],
    rowDrop: 0.001,
    targetDifferences: [],
    targetFeatures: [],
    targetVectors: [],
    expansion: 'AUTOMATIC',
    epsilon: 0.01,
    maxFeatures: 0,
  },
  pruning: {
    nodeThreshold: 0.8,
    edgeThreshold: 0.98,
    mode: 'THRESHOLDS',
    completenessShare: 0.9,
    nodeBudget: 0,
    criterion: 'AUTOMATIC',
  },
  validation: {
    enabled: true,
    maxFeatures: 10,
    controls: 3,
    targetsPerFeature: 3,
    factors: [-1, 2],
    constrained: true,
  },
};

describe('asSettings', () => {
  it('asks for nothing that the server does anyway', () => {
    expect(asSettings(initialForm(DEFAULTS, null), DEFAULTS, null)).toEqual({});
  });

  it('asks for what was changed, section by section', () => {
    const form = {
      ...initialForm(DEFAULTS, null),
      targetTokens: 'austin, texas ,',
      targetDifferences: 'austin - texas',
      epsilon: 0.05,
      mode: 'NODE_BUDGET' as const,
      nodeBudget: 40,
      validate: false,
      tenant: ' acme ',
      tags: 'a,b',
    };
    expect(asSettings(form, DEFAULTS, null)).toEqual({
      attribution: {
        targetTokens: ['austin', 'texas'],
        targetDifferences: [{ plus: 'austin', minus: 'texas' }],
        epsilon: 0.05,
      },
      pruning: { mode: 'NODE_BUDGET', nodeBudget: 40 },
      validation: { enabled: false },
      tenant: 'acme',
      tags: ['a', 'b'],
    });
  });
});

describe('the tenant', () => {
  const own = ['b', 'a'];

  it('is the first of those that may be sent for, which the server takes anyway', () => {
    const form = initialForm(DEFAULTS, own);
    expect(form.tenant).toBe('b');
    expect(asSettings(form, DEFAULTS, own)).toEqual({});
  });

  it('is named when it is another one, were it the default of others', () => {
    const more = [...own, 'default'];
    const form = { ...initialForm(DEFAULTS, more), tenant: 'default' };
    expect(asSettings(form, DEFAULTS, more)).toEqual({ tenant: 'default' });
  });
});

describe('changes', () => {
  const initial = initialForm(DEFAULTS, ['a', 'b']);

  it('are none of a form as it was', () => {
    expect(changes(initial, DEFAULTS, ['a', 'b'])).toBe(0);
  });

  it('counts the tenant, the tags and each setting', () => {
    const form = { ...initial, tenant: 'b', tags: 'x', epsilon: 0.5, validate: false };
    expect(changes(form, DEFAULTS, ['a', 'b'])).toBe(4);
  });

  it('is one for a form that cannot be sent', () => {
    expect(changes({ ...initial, targetDifferences: 'austin' }, DEFAULTS, ['a', 'b'])).toBe(1);
  });
});

describe('differences', () => {
  it('tells tokens with a hyphen from the difference', () => {
    expect(differences('well-known - un-known, a − b')).toEqual([
      { plus: 'well-known', minus: 'un-known' },
      { plus: 'a', minus: 'b' },
    ]);
  });

  it.each(['austin', 'a - b - c', ' - b'])('says that %j is none', (text) => {
    expect(() => differences(text)).toThrow(/is no difference/);
  });

  it('are none where nothing is written', () => {
    expect(differences(' ')).toEqual([]);
    expect(items(',, ')).toEqual([]);
  });
});
