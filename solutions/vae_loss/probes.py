"""What a single call of reparameterize does not show."""


def difference_of_two_calls(module, mu, logvar, noise):
    """Two calls with the same three tensors, one minus the other."""
    return module.reparameterize(mu, logvar, noise) - module.reparameterize(mu, logvar, noise)
