import { withMember } from '../json-source.ts';
import type { SandboxGroup, StateStore } from '../state.ts';
import { FIXTURE_GROUPS, type FixtureGroup } from './groups.ts';
import type { Life } from './life.ts';
import { overallStatus } from './overall-status.ts';
import { statusOf, type Verification, verificationFrom } from './verification.ts';

/** A group as one call sees it. `total` and `overallStatus` are JSON source text. */
export interface Listing {
  resultId: string;
  total: string;
  overallStatus: string;
  verifications: Verification[];
  /** Whether each call signs the links anew. It is false for a group that was set verbatim without `sign_links`. */
  signLinks: boolean;
}

export interface Catalogue {
  /** Undefined: the group is unknown. @param now in milliseconds since the epoch. */
  listing(resultId: string, now: number): Listing | undefined;
  /** Has the list show a group as it is now for as long as webhooks come before their changes. */
  lag(resultId: string, now: number): void;
  /** The group before its last change, while the list lags behind. */
  lagging(resultId: string, now: number): Listing | undefined;
  /** Finds a verification and its group by the verification's id. */
  find(verificationId: string): { resultId: string; verification: Verification } | undefined;
  /** Every verification with a life cycle, also a completed one. */
  living(): { resultId: string; verification: Verification; life: Life }[];
}

/**
 * All groups: the fixtures with the changes of the control API, and with life cycles that a retry or an edit restarted.
 * @param webhookUrl replaces the fixtures' own `webhook_url`.
 */
export function createCatalogue(store: StateStore, webhookUrl?: string): Catalogue {
  const parsed = new WeakMap<SandboxGroup, Verification[]>();
  const built = new Map<string, Verification[]>();

  const base = (resultId: string): Verification[] | undefined => {
    const stored = store.data.groups[resultId];
    if (stored === null) return undefined;
    if (stored !== undefined) return remembered(parsed, stored, () => stored.items.map(verificationFrom));
    const { epoch } = store.data;
    const fixture = FIXTURE_GROUPS.find((group) => group.resultId === resultId);
    return fixture && remembered(built, `${resultId}/${epoch}`, () => withWebhook(fixture, epoch, webhookUrl));
  };
  const verificationsOf = (resultId: string): Verification[] | undefined => {
    const lives = store.data.lives[resultId];
    const verifications = base(resultId);
    return lives === undefined ? verifications : verifications?.map((each) => withLife(each, lives));
  };

  const lags = new Map<string, { until: number; listing: Listing }>();
  const listing: Catalogue['listing'] = (resultId, now) => {
    const verifications = verificationsOf(resultId);
    if (verifications === undefined) return undefined;
    const stored = store.data.groups[resultId];
    const verbatim = store.data.lives[resultId] === undefined ? stored?.overallStatus : undefined;
    return {
      resultId,
      total: stored?.total ?? String(verifications.length),
      overallStatus: verbatim ?? JSON.stringify(overallStatus(verifications.map((each) => statusOf(each, now)))),
      verifications,
      signLinks: stored?.signLinks ?? true,
    };
  };
  const lagging: Catalogue['lagging'] = (resultId, now) => {
    const lag = lags.get(resultId);
    return lag !== undefined && lag.until > now ? lag.listing : undefined;
  };

  const resultIds = () =>
    new Set([...Object.keys(store.data.groups), ...FIXTURE_GROUPS.map((group) => group.resultId)]);

  return {
    listing,
    lagging,
    lag(resultId, now) {
      const { leadMs } = store.data.webhooks;
      const before = lagging(resultId, now) ?? listing(resultId, now);
      if (leadMs > 0 && before !== undefined) lags.set(resultId, { until: now + leadMs, listing: before });
      else lags.delete(resultId);
    },
    find(verificationId) {
      for (const resultId of resultIds()) {
        const verification = verificationsOf(resultId)?.find(({ id }) => id === verificationId);
        if (verification !== undefined) return { resultId, verification };
      }
      return undefined;
    },
    living() {
      const { groups, lives } = store.data;
      // A set group does not change until a retry or an edit starts a life cycle of one of its items.
      const moving = [...resultIds()].filter((resultId) => groups[resultId] === undefined || lives[resultId]);
      return moving.flatMap((resultId) =>
        (verificationsOf(resultId) ?? []).flatMap((verification) =>
          verification.life === undefined ? [] : [{ resultId, verification, life: verification.life }],
        ),
      );
    },
  };
}

function withWebhook({ verifications, withoutWebhooks }: FixtureGroup, epoch: number, url?: string): Verification[] {
  const all = verifications(epoch);
  if (url === undefined || withoutWebhooks) return all;
  return all.map((each) => ({ ...each, source: withMember(each.source, 'webhook_url', JSON.stringify(url)) }));
}

function withLife(verification: Verification, lives: Record<string, Life>): Verification {
  const life = verification.id === undefined ? undefined : lives[verification.id];
  return life === undefined ? verification : { ...verification, life };
}

interface Memory<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function remembered<K, V>(memory: Memory<K, V>, key: K, make: () => V): V {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const value = make();
  memory.set(key, value);
  return value;
}
