import { useState } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { Button } from '../parts/button.tsx';
import { ViewTitle } from '../parts/view-title.tsx';
import { FindGroup } from './groups/find-group.tsx';
import { GroupFilters } from './groups/group-filters.tsx';
import { GroupList } from './groups/group-list.tsx';
import { TrackList } from './groups/track-list.tsx';

export function GroupsView() {
  const { may } = useApp();
  const [isTracking, setTracking] = useState(false);
  return (
    <>
      <div class="row between">
        <ViewTitle>Groups</ViewTitle>
        {may('POST /groups') && (
          <Button isPressed={isTracking} onPress={() => setTracking(!isTracking)}>
            Track groups
          </Button>
        )}
      </div>
      {isTracking && <TrackList />}
      <section class="panel stack" aria-label="Tracked groups">
        <div class="row fields between">
          <GroupFilters />
          <FindGroup />
        </div>
        <GroupList />
      </section>
    </>
  );
}
