import { useEffect, useState } from 'preact/hooks';
import { hrefOf, type Place, placeOf } from './place.ts';

/** The place of the page, and how to leave it. */
export interface Navigation {
  readonly place: Place;
  /** Goes to a place. Back returns here. */
  readonly go: (place: Place) => void;
  /** Changes parameters of this view. @param replaces whether back skips the place before: while a user types. */
  readonly set: (params: Place['params'], replaces?: boolean) => void;
}

/** Keeps the place of the page in the address. */
export function usePlace(): Navigation {
  const [place, setPlace] = useState(() => placeOf(location.search));
  useEffect(() => {
    const onPopState = () => setPlace(placeOf(location.search));
    addEventListener('popstate', onPopState);
    return () => removeEventListener('popstate', onPopState);
  }, []);

  function move(next: Place, replaces: boolean): void {
    history[replaces ? 'replaceState' : 'pushState'](null, '', hrefOf(next));
    setPlace(placeOf(location.search));
  }
  return {
    place,
    go: (next) => move(next, false),
    set(params, replaces = false) {
      const { view, params: before } = placeOf(location.search);
      move({ view, params: { ...before, ...params } }, replaces);
    },
  };
}
