"""Who may publish: organising bodies, accounts, roles, sign-in, the audit trail."""
