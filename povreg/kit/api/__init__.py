"""What every resource of the REST API does the same way: errors, paging, strict input, masked output, scope, schema."""
