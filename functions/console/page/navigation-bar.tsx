import { mayCall } from './api/access.ts';
import { useApp } from './app-context.ts';
import { Link } from './parts/link.tsx';
import type { View } from './url/place.ts';

/** The views of the user's role. */
export function NavigationBar() {
  const { place, role } = useApp();
  const views: readonly (readonly [view: View, title: string, isShown: boolean])[] = [
    ['groups', 'Groups', true],
    ['health', 'Health', mayCall(role, 'GET /health/deep')],
    ['webhooks', 'Webhooks', mayCall(role, 'GET /webhook-endpoints')],
    ['keys', 'API keys', mayCall(role, 'GET /api-keys')],
  ];
  const current = place.view === 'group' ? 'groups' : place.view;
  return (
    <nav aria-label="Views">
      {views.map(
        ([view, title, isShown]) =>
          isShown && (
            <Link key={view} to={{ view, params: {} }} isCurrent={view === current}>
              {title}
            </Link>
          ),
      )}
    </nav>
  );
}
