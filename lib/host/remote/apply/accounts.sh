# shellcheck shell=sh
# Groups and users. Existing ones are only ever added to groups.

create_groups() {
  while read -r name; do
    getent group "$name" >/dev/null && continue
    step "group: $name"
    groupadd --system "$name" || fail "cannot create the group $name"
  done <"$T/plan/groups"
}

create_users() {
  while IFS=$TAB read -r name home shell create _; do
    [ "$create" = yes ] || continue
    getent passwd "$name" >/dev/null && continue
    step "user: $name"
    if getent group "$name" >/dev/null; then set -- --gid "$name"; else set -- --user-group; fi
    useradd --create-home --home-dir "$home" --shell "$shell" "$@" "$name" || fail "cannot create the user $name"
  done <"$T/plan/users"
}

# After the packages: some of the users and groups are theirs.
join_groups() {
  while IFS=$TAB read -r name _ _ _ groups; do
    [ -n "$groups" ] || continue
    getent passwd "$name" >/dev/null || fail "no package made the user $name, who has to join $groups"
    step "user: $name joins $groups"
    usermod --append --groups "$groups" "$name" || fail "cannot add $name to $groups"
  done <"$T/plan/users"
}
