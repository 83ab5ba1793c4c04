"""What a single call of reparameterize does not show."""


def difference_of_two_calls(module, mu, logvar, noise):
    """The difference of two calls with the same three tensors."""
    return module.reparameterize(mu, logvar, noise) - module.reparameterize(mu, logvar, noise)
