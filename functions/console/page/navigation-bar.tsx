import { useApp } from './app-context.ts';
import { Link } from './parts/link.tsx';
import { mayOpen } from './views/may-open.ts';

const TITLES = [
  ['groups', 'Groups'],
  ['health', 'Health'],
  ['webhooks', 'Webhooks'],
  ['keys', 'API keys'],
] as const;

/** The views of the user's role. */
export function NavigationBar() {
  const { place, may } = useApp();
  const current = place.view === 'group' ? 'groups' : place.view;
  return (
    <nav class="tabs" aria-label="Views">
      {TITLES.map(
        ([view, title]) =>
          mayOpen(view, may) && (
            <Link key={view} to={{ view, params: {} }} isCurrent={view === current}>
              {title}
            </Link>
          ),
      )}
    </nav>
  );
}
