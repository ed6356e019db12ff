"""What a household's data may be used for: by law, or because it agreed; when and by which paper."""
